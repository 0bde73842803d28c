"""From the link on the console to a host that is set up, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from processes import Command

pytestmark = pytest.mark.timeout(90)

OVERFLOW = "document.documentElement.scrollWidth > innerWidth"
NARROW = {"width": 320, "height": 640}
SETUP = "/ui/nxforge/setup"
CHECKLIST = "#steps .nx-steps"


def faults(page: Any) -> list[str]:
    """What axe finds on a page, and whether it is wider than the screen."""
    found = Axe().run(page)
    wide = ["wider than the screen"] if page.evaluate(OVERFLOW) else []
    return ([found.generate_report()] if found.violations_count else []) + wide


def test_host_is_set_up_from_the_checklist_and_the_link(
    look: Any, admin: Any, demo: Path
) -> None:
    """The demo lacks an administrator: the steps say so until the link made one."""
    narrow = {"viewport": NARROW, "color_scheme": "dark", "bypass_csp": True}
    with look(storage_state=admin, **narrow) as seen:
        dismiss(seen)
    link = Command(demo).run("users", "setup-link").stdout.strip()
    with look(storage_state=None, bypass_csp=True) as seen:
        page = seen.page
        page.goto(seen.base + link)
        found = faults(page)
        page.fill("[name=name]", "ada")
        page.fill("[name=password]", "seven green lamps")
        page.click("button[type=submit]")
        page.wait_for_url(f"**{SETUP}")
        page.locator("#how-far-it-is", has_text="Everything is set up.").wait_for()
        found += faults(page)
        last = page.inner_text(f"{CHECKLIST} li:last-child")

        assert "First reading of" in last
        assert found == []
        assert seen.complaints == []


def dismiss(seen: Any) -> None:
    """Put the checklist on the start page, see its next step, do away with it."""
    page = seen.page
    seen.go(SETUP)
    page.click("#show-it-on-the-start-page button")
    page.locator(".nx-toast").wait_for()
    found = faults(page)
    seen.go("/")
    current = page.inner_text(f"{CHECKLIST} [aria-current=step] strong")
    found += faults(page)
    page.click("#steps form button")
    page.locator(CHECKLIST).wait_for(state="detached")
    seen.go("/")

    assert current.split() == ["An", "administrator", ",", "open"]
    assert page.locator(CHECKLIST).count() == 0
    assert found == []
    assert seen.complaints == []
