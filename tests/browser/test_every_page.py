"""Every page of plugins: with axe, from the right, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_pages import WITHOUT, demo_pages
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.timeout(90), pytest.mark.usefixtures("described")]

WIDE = {"width": 1200, "height": 800}
NARROW = {"width": 320, "height": 640}
OVERFLOW = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def addresses(demo: Path, admin: Any) -> Mapping[str, str]:
    """Pages by their path, with what they are about; others walk the system's."""
    found = demo_pages((demo / "base").read_text(), admin)
    return {path: to for path, to in found.items() if "/ui/nxforge/" not in path}


@contextmanager
def walking(browser: Browser, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it complains about."""
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page, complaints
    finally:
        context.close()


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"]
)
def test_no_page_violates_accessibility(
    browser: Browser,
    demo: Path,
    admin: Any,
    addresses: Mapping[str, str],
    size: Any,
    scheme: Any,
) -> None:
    """Axe finds nothing, no card fails, nothing is wider than the screen."""
    faults: dict[str, Any] = {}
    options = {"viewport": size, "color_scheme": scheme, "bypass_csp": True}
    with walking(browser, storage_state=admin, **options) as (page, complaints):
        for path, address in addresses.items():
            page.goto((demo / "base").read_text() + address)
            found = Axe().run(page)
            wide = page.evaluate(OVERFLOW)
            broken = path not in WITHOUT and page.locator("[data-failed]").count()
            if found.violations_count or wide or broken:
                faults[address] = (found.generate_report(), wide, broken)

    assert faults == {}
    assert complaints == []


def test_every_page_keeps_its_policy_and_is_read_from_the_right(
    browser: Browser, demo: Path, admin: Any, addresses: Mapping[str, str]
) -> None:
    """Under its own policy, mirrored, at 320 px: nothing is refused, nothing is cut."""
    faults: dict[str, Any] = {}
    options = {"viewport": NARROW, "locale": "ar-XB"}
    with walking(browser, storage_state=admin, **options) as (page, complaints):
        for address in addresses.values():
            page.goto((demo / "base").read_text() + address)
            page.wait_for_selector("#nx-state[data-state=live]")
            wide = page.evaluate(OVERFLOW)
            side = page.evaluate("getComputedStyle(document.body).direction")
            if wide or side != "rtl":
                faults[address] = (wide, side)

    assert faults == {}
    assert complaints == []


def test_every_page_is_whole_without_javascript(
    browser: Browser, demo: Path, admin: Any, addresses: Mapping[str, str]
) -> None:
    """Each has a title, cards, the menu, and says when it was made."""
    faults: dict[str, Any] = {}
    options = {"java_script_enabled": False}
    with walking(browser, storage_state=admin, **options) as (page, _):
        for path, address in addresses.items():
            page.goto((demo / "base").read_text() + address)
            title = page.locator("main h1").inner_text()
            cards = page.locator("main .nx-card").count()
            menu = page.locator("#nx-nav a").count()
            made = page.locator("#nx-state").inner_text()
            broken = path not in WITHOUT and page.locator("[data-failed]").count()
            if not (title and cards and menu and "As of" in made) or broken:
                faults[address] = (title, cards, menu, made, broken)

    assert faults == {}
