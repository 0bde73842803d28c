"""The system's own pages in a real browser, as an administrator has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_pages import pages_of_code
from playwright.sync_api import Browser

pytestmark = [pytest.mark.timeout(90), pytest.mark.usefixtures("described")]

JOB = "job?plugin=consumption-monitor&job="
WIDE = {"width": 1200, "height": 800}
NARROW = {"width": 320, "height": 640}
OVERFLOW = "document.documentElement.scrollWidth > innerWidth"
PAGES = [
    "jobs",
    "run?id=1",
    f"{JOB}collect-consumption",
    f"{JOB}collect-consumption&tab=change",
    "plugin?id=consumption-monitor",
    "plugin-plan?id=consumption-monitor",
    "health",
    "users",
    "tokens",
    "audit",
    "settings?all.q=people",
    "settings-of-consumption-monitor",
    "notifications",
    "home",
    "runs",
    "plugins",
    "events",
    "setup",
    "checklist",
    "api?operations.q=networks",
    "operation?id=post_networks",
]


def test_every_page_of_the_host_is_walked() -> None:
    """Those of the tests below are all that plugin zero has."""
    there = {path for path in pages_of_code() if path.startswith("/ui/nxforge/")}

    assert there <= {f"/ui/nxforge/{each.partition('?')[0]}" for each in PAGES}
    assert len(there) > 15


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"]
)
def test_no_system_page_violates_accessibility(
    browser: Browser, demo: Path, admin: Any, size: Any, scheme: Any
) -> None:
    """Axe finds nothing, no card fails, nothing is wider than the screen."""
    base = (demo / "base").read_text() + "/ui/nxforge/"
    context = browser.new_context(
        storage_state=admin, viewport=size, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    complaints: list[str] = []
    faults: dict[str, Any] = {}
    page.on("console", lambda message: complaints.append(message.text))
    for name in PAGES:
        page.goto(base + name)
        found = Axe().run(page)
        wide = page.evaluate(OVERFLOW)
        broken = page.locator("[data-failed]").all_inner_texts()
        if found.violations_count or wide or broken:
            faults[name] = (found.generate_report(), wide, broken)
    context.close()

    assert faults == {}
    assert complaints == []


def test_system_pages_are_whole_without_javascript(
    browser: Browser, demo: Path, admin: Any
) -> None:
    """Each page has its cards and its menu, and says when it was made."""
    base = (demo / "base").read_text() + "/ui/nxforge/"
    context = browser.new_context(storage_state=admin, java_script_enabled=False)
    page = context.new_page()
    faults: dict[str, Any] = {}
    for name in PAGES:
        page.goto(base + name)
        cards = page.locator("main .nx-card").count()
        menu = page.locator("#nx-nav a").count()
        made = page.locator("#nx-state").inner_text()
        broken = page.locator("[data-failed]").count()
        if not cards or not menu or broken or "As of" not in made:
            faults[name] = (cards, menu, made, broken)
    context.close()

    assert faults == {}


def test_pages_are_mirrored_for_who_reads_from_the_right(
    browser: Browser, demo: Path, admin: Any
) -> None:
    """In a language from the right, longer than English, nothing is cut at 320 px."""
    base = (demo / "base").read_text()
    context = browser.new_context(storage_state=admin, viewport=NARROW, locale="ar-XB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    faults: dict[str, Any] = {}
    for name in (*(f"/ui/nxforge/{each}" for each in PAGES), "/ui/gallery/all"):
        page.goto(base + name)
        page.wait_for_selector("#nx-state[data-state=live]")
        wide = page.evaluate(OVERFLOW)
        side = page.evaluate("getComputedStyle(document.body).direction")
        state = page.locator("#nx-state [role=status]").inner_text()
        if wide or side != "rtl" or "⟦" not in state:
            faults[name] = (wide, side, state)
    context.close()

    assert faults == {}
    assert [each for each in complaints if "gallery" not in each] == []
