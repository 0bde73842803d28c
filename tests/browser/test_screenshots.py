"""Every page beside the picture that was made of it and looked at.

Each picture has the page in light, in dark, and on a phone. What changes with time is
not in it: numbers are all the same, lines of live values are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from demo_pages import WITHOUT, demo_pages, pages_of_code
from pictures import keep, load, sheet, unlike
from playwright.sync_api import Browser, Page
from processes import ROOT

pytestmark = [
    pytest.mark.pictures,
    pytest.mark.timeout(120),
    pytest.mark.usefixtures("described"),
]

KEPT: Final = Path(__file__).parent / "pictures"
SHOWN: Final = ROOT / "docs" / "images"
HIGH: Final = 400
DESK: Final = {"width": 1200, "height": 2 * HIGH}
PHONE: Final = {"width": 390, "height": 2 * HIGH}
LOOKS: Final[list[dict[str, Any]]] = [
    {"viewport": DESK, "color_scheme": "light"},
    {"viewport": DESK, "color_scheme": "dark"},
    {"viewport": PHONE, "color_scheme": "light"},
]
DAY: Final = "from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z"
#: Beside those of the menu and of the code.
OTHERS: Final = {
    "home": "/",
    "login": "/login",
    "gallery": f"/ui/gallery/all?{DAY}",
    "gallery-tables": f"/ui/gallery/all?{DAY}#meters",
    "gallery-forms": f"/ui/gallery/all?{DAY}#endpoint",
}
NAMES: Final = {
    **{name: name for name in OTHERS},
    **{
        path.replace("/ui/nxforge/", "system-")
        .replace("/ui/consumption-monitor/", "monitor-")
        .replace("/ui/temperature-monitor/", "temperature-")
        .replace("/ui/", ""): path
        for path in pages_of_code()
        if path not in WITHOUT
    },
}
#: Of the README, with what is on them then.
README: Final = {
    "live": ("/ui/consumption-monitor/live", "light"),
    "run": ("/ui/nxforge/run?id=1", "dark"),
    "reports": ("/ui/consumption-monitor/reports", "light"),
}
#: Numbers become alike; drawings of live values and marks of moments go, and what rows
#: and hints say of a moment is one word.
STILL: Final = """(live) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const moment = live && node.parentElement.closest("tbody, .hint, .nx-notice-box");
    if (moment && /\\S/.test(node.data)) node.data = "Word";
    else node.data = node.data.replace(/[0-9a-f]{8}[0-9a-f-]*|\\d[\\d.,:]*/g, "0");
  }
  const all = (what) => document.querySelectorAll(what);
  for (const each of all("input[type^=datetime], input[type=date]")) each.value = "";
  if (!live) return;
  for (const row of all("tbody tr:nth-child(n + 6)")) row.hidden = true;
  for (const cell of all("tbody td, tbody th"))
    if (!cell.querySelector("button, input")) cell.textContent = "Word";
  for (const each of all(".nx-tile dd:not(.value)")) each.remove();
  for (const each of all("canvas, .nx-spark, .beat, meter, .nx-drawing"))
    each.style.visibility = "hidden";
}"""


@pytest.fixture(scope="module")
def pages(browser: Browser, admin: Any) -> Iterator[list[Page]]:
    """A page in each look."""
    contexts = [browser.new_context(storage_state=admin, **look) for look in LOOKS]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def base(demo: Path) -> str:
    """Where the demo is."""
    return (demo / "base").read_text()


def shown(page: Page, address: str) -> None:
    """Open it and wait until nothing more is drawn."""
    page.goto(address)
    if page.locator("body[data-stream]").count():
        page.wait_for_selector("#nx-state[data-state=live]")
    for chart in page.locator("nx-chart").all():
        chart.and_(page.locator("[data-drawn]")).wait_for(state="attached")


def shot(page: Page, address: str) -> bytes:
    """What is seen of it, without what changes."""
    shown(page, address)
    page.evaluate(STILL, "gallery" not in address)
    return page.screenshot()


@pytest.fixture(scope="module")
def addresses(base: str, admin: Any) -> dict[str, str]:
    """Where each page is, by its name; things that have a page are made."""
    found = {**OTHERS, **demo_pages(base, admin)}
    return {name: base + found[key] for name, key in NAMES.items()}


@pytest.mark.parametrize("name", NAMES)
def test_page_looks_as_in_its_picture(
    name: str,
    pages: list[Page],
    addresses: dict[str, str],
    request: pytest.FixtureRequest,
) -> None:
    """To somebody who squints; `--renew` makes the picture anew."""
    address = addresses[name]
    made = sheet([shot(page, address) for page in pages], HIGH)
    path = KEPT / f"{name}.png"
    if request.config.getoption("renew"):
        keep(made, path)
    kept = load(path)
    edge = 0
    differ: list[str] = []
    for look in LOOKS:
        wide = look["viewport"]["width"] // 2
        box = (edge, 0, edge + wide, HIGH)
        differ.append(unlike(kept.crop(box), made.crop(box)))
        edge += wide

    assert differ == ["", "", ""]


def test_every_page_of_the_menu_has_a_picture(
    pages: list[Page], base: str, request: pytest.FixtureRequest
) -> None:
    """What the demo's menu names, and no picture is of a page that is gone."""
    pages[0].goto(base + "/")
    links = pages[0].locator("#nx-nav a").all()
    there = {(link.get_attribute("href") or "").partition("?")[0] for link in links}
    known = {path.partition("?")[0] for path in (*OTHERS.values(), *NAMES.values())}
    kept = {path.stem for path in KEPT.glob("*.png")}

    assert there - known == set()
    assert kept == set(NAMES) or request.config.getoption("renew")
    assert len(there) > 15


@pytest.mark.parametrize("name", README)
def test_readme_shows_it(
    name: str,
    browser: Browser,
    admin: Any,
    base: str,
    request: pytest.FixtureRequest,
) -> None:
    """The README's pictures are there, of the size that is shown."""
    path = SHOWN / f"{name}.png"
    if request.config.getoption("renew"):
        address, scheme = README[name]
        context = browser.new_context(
            storage_state=admin, viewport=DESK, color_scheme=scheme
        )
        page = context.new_page()
        shown(page, base + address)
        made = sheet([page.screenshot(scale="css")], HIGH)
        keep(made, path, 256)
        context.close()

    assert load(path).size == (600, HIGH)
    assert f"docs/images/{name}.png" in (ROOT / "README.md").read_text("utf-8")
