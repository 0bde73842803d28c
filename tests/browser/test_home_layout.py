"""One's own start page, arranged with the keyboard."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.timeout(60)

TITLES = ".nx-card h3"


def test_start_page_is_arranged_with_the_keyboard(look: Any) -> None:
    """A button keeps the focus while its row moves; at the end its row keeps it."""
    with look() as looking:
        page = looking.page
        looking.go("/")
        before = page.locator(TITLES).all_inner_texts()
        page.get_by_role("link", name="Arrange").press("Enter")
        page.wait_for_selector("#nx-state[data-state=live]")
        rows = page.locator("#cards tbody tr").all()
        keys = [row.get_attribute("data-key") for row in rows]
        page.locator(f"#cards tr[data-key='{keys[2]}'] [data-key=up]").press("Enter")
        second = f"#cards tr:nth-child(2)[data-key='{keys[2]}']"
        page.locator(f"{second} [data-key=up]:focus").wait_for()
        page.keyboard.press("Enter")
        first = f"#cards tr:nth-child(1)[data-key='{keys[2]}']"
        page.locator(f"{first} [data-key=down]:focus").wait_for()
        page.locator(f"{first} [data-key=hide]").press("Enter")
        page.locator(f"{first} [data-key=show]:focus").wait_for()
        looking.go("/")
        hidden = page.locator(TITLES).all_inner_texts()
        looking.go("/ui/nxforge/home")
        page.locator(f"{first} [data-key=show]").press("Enter")
        page.locator(f"{first} [data-key=hide]").wait_for()
        looking.go("/")
        after = page.locator(TITLES).all_inner_texts()
        complaints = looking.complaints

    assert hidden == [before[0], before[1], *before[3:]]
    assert after == [before[2], before[0], before[1], *before[3:]]
    assert complaints == []
