"""From the address of a meter to a rule that reads it, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.timeout(90)

_BASE = "/ui/consumption-monitor"


def test_number_on_the_display_becomes_a_rule(look: Any) -> None:
    """Enter, test, use the first rule: it reads, and the match is marked."""
    with look() as looking:
        page = looking.page
        looking.go(f"{_BASE}/endpoints")
        address = page.locator("#endpoints tbody code").first.inner_text()
        looking.go(f"{_BASE}/endpoint-form")
        page.fill("#entry [name=name]", "Hall")
        page.fill("#entry [name=url]", address)
        page.select_option("#entry [name=template]", "")
        page.fill("#entry [name=find]", "12543")
        page.get_by_role("button", name="Test now").click()
        page.wait_for_url("**draft=*")
        page.locator("#candidates").get_by_role(
            "button", name="Use this rule"
        ).first.click()
        page.wait_for_selector("#found .l-ok")
        match = page.locator("#found tbody").inner_text()
        said = page.locator("#what-came-of-it").inner_text()
        complaints = list(looking.complaints)

    assert "»12543." in match
    assert "it reads 12,543." in said
    assert complaints == []


def test_reading_is_marked_and_put_back(look: Any) -> None:
    """From its row: what it changes is seen first, a reason is asked for, and back."""
    with look() as looking:
        page = looking.page
        looking.go(f"{_BASE}/history")
        page.locator("#readings tbody a", has_text="mark").last.click()
        page.wait_for_selector("#outcome .nx-notice-box")
        preview = page.locator("#outcome").inner_text()
        page.fill("#bad [name=note]", "seen by the walk")
        page.get_by_role("button", name="Mark as bad").click()
        page.wait_for_url("**tab=readings*")
        page.locator("#readings tbody a", has_text="put back").first.click()
        page.get_by_role("button", name="Put back").click()
        page.wait_for_url("**tab=readings*")
        complaints = list(looking.complaints)

    assert "1 reading would be marked as bad" in preview
    assert complaints == []
