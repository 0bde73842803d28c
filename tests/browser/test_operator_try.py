"""What an operator does who has read nothing: from an address to a billed month."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.timeout(90)

_BASE = "/ui/consumption-monitor"


def press(page: Page, name: str, card: str = "body") -> None:
    """The first button of this name."""
    page.locator(card).get_by_role("button", name=name).first.click()


def set_up(page: Page, address: str) -> None:
    """Give an address and a name; the number and the rule are those offered first."""
    page.fill("#entry [name=name]", "Hall of the try")
    page.fill("#entry [name=url]", address)
    press(page, "Test now")
    press(page, "This is the register", "#numbers")
    press(page, "Use this rule", "#candidates")
    page.wait_for_selector("#found .l-ok")
    press(page, "Save")
    page.wait_for_url("**/endpoint?id=*")


def test_address_becomes_a_billed_month(look: Any, admin: Any) -> None:
    """No id, no selector and no rule is typed; at the end there is a cost."""
    with look(storage_state=admin) as looking:
        page = looking.page
        looking.go(f"{_BASE}/endpoints")
        address = page.locator("#endpoints tbody code").first.inner_text()
        page.get_by_role("link", name="Add an endpoint").click()
        set_up(page, address)
        page.wait_for_selector("#now :text('online')")
        looking.go(f"{_BASE}/tariffs")
        page.fill("#add-a-tariff [name=name]", "Tariff of the try")
        page.fill("#add-a-tariff [name=rate]", "0.31")
        press(page, "Add the tariff")
        page.wait_for_url("**/tariff?id=*")
        page.locator("#bill select").select_option(label="meter Hall of the try")
        press(page, "Bill by this tariff")
        page.wait_for_selector("#subjects :text('Hall of the try')")
        page.get_by_role("link", name="See the report of this month").click()
        page.wait_for_selector("#sums :text('EUR')")
        complaints = list(looking.complaints)
        put_away(looking)

    assert complaints == []


def put_away(looking: Any) -> None:
    """Other tests look at the same demo."""
    page = looking.page
    looking.go(f"{_BASE}/endpoints")
    row = page.locator("#endpoints tr", has_text="Hall of the try")
    row.get_by_role("checkbox").check()
    press(page, "Archive", "#endpoints")
    press(page, "Archive", "dialog")
    page.wait_for_selector("#endpoints tr:has-text('Hall of the try'):has-text('away')")
