"""Pages that are open while somebody writes the plugin behind them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributions import Site
from gallery_site import add_gallery
from playwright.sync_api import Browser, Page
from processes import NXFORGE, Command

pytestmark = pytest.mark.timeout(90)

LINK = re.compile(r"(http://\S+)/login/\S+")
GAUGE = "#gauge nx-plugin[data-state=ready] .gauge"
KEPT = "document.body.dataset.kept"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """`nxforge dev` with the gallery: its data directory, the plugin's folder."""
    place = tmp_path_factory.mktemp("dev")
    command = Command(place)
    site = Site(place / "site")
    folder = add_gallery(site)
    command.path = [str(site.folder)]
    process = subprocess.Popen(
        [NXFORGE, "dev", "gallery", "--port", "0", "--data-dir", str(command.data)],
        env=command.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = next(filter(None, map(LINK.search, process.stdout)))
        (place / "base").write_text(found.group(1))
        yield place, folder
    finally:
        process.terminate()
        process.communicate(timeout=30)


def edit(path: Path, old: str, new: str) -> None:
    """Write a file as an editor does, with one text in place of another."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def opened(browser: Browser, place: Path) -> tuple[Page, list[str]]:
    """The gallery with something typed in, and a mark that a new document has not."""
    base = (place / "base").read_text()
    made = Command(place).run("tokens", "link", "author", "--role", "admin")
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(base + made.stdout.strip())
    page.goto(f"{base}/ui/gallery/all")
    page.wait_for_selector("#nx-state[data-state=live]")
    page.wait_for_selector(GAUGE)
    page.wait_for_selector("nx-chart[data-drawn]")
    page.locator("form[data-deed] input[type=text]").first.fill("half a word")
    page.evaluate(f"{KEPT} = 1")
    return page, complaints


def test_saved_files_are_in_the_open_page(
    browser: Browser, written: tuple[Path, Path]
) -> None:
    """Modules and pages change in place, and what somebody types stays."""
    place, folder = written
    page, complaints = opened(browser, place)
    module, plugin = folder / "ui" / "gauge.js", folder / "plugin.py"
    edit(module, "nothing yet", "nothing new")
    page.get_by_text("nothing new").wait_for()
    edit(module, "return {", "return {{")
    page.wait_for_selector("#gauge nx-plugin[data-state=failed]")
    wrong = page.locator("#gauge").inner_text()
    edit(module, "return {{", "return {")
    page.wait_for_selector(GAUGE)

    edit(plugin, 'title="Gallery"', 'title="Atelier"')
    page.get_by_role("heading", name="Atelier", level=1).wait_for()
    menu = page.locator("#nx-nav [aria-current=page]").inner_text()
    typed = page.locator("form[data-deed] input[type=text]").first.input_value()
    kept = page.evaluate(KEPT)
    drawn = page.locator("nx-chart[data-drawn] canvas").count()
    edit(plugin, 'title="Atelier"', 'title="Gallery"')
    page.context.close()

    assert "SyntaxError" in wrong
    assert "The gauge needs JavaScript." in wrong
    assert (menu, typed, kept) == ("Atelier", "half a word", "1")
    assert drawn > 0
    # While the plugin starts anew, its page and its cards are not there.
    known = ("module of gallery", "404 (Not Found)")
    assert [c for c in complaints if not any(each in c for each in known)] == []


def test_start_page_follows_plugins_that_come_and_go(
    browser: Browser, written: tuple[Path, Path]
) -> None:
    """Cards and menu of the open start page are those of the plugins at work."""
    place, folder = written
    plugin = folder / "plugin.py"
    page, _ = opened(browser, place)
    page.goto((place / "base").read_text() + "/")
    page.wait_for_selector("#nx-state[data-state=live]")
    page.evaluate(f"{KEPT} = 1")
    edit(plugin, 'title="Thing",', 'title="Thing", home=True,')

    page.locator("#nx-body .nx-section h2", has_text="Thing").wait_for()
    there = page.locator("#nx-nav a[href$='/ui/gallery/all']").count()
    edit(plugin, "@hookimpl", "@hookimpl(")
    page.locator("#nx-body .nx-section h2").wait_for(state="detached")
    gone = page.locator("#nx-nav a[href$='/ui/gallery/all']").count()
    kept = page.evaluate(KEPT)
    edit(plugin, "@hookimpl(", "@hookimpl")
    page.locator("#nx-body .nx-section h2", has_text="Thing").wait_for()
    page.context.close()

    assert (there, gone, kept) == (1, 0, "1")
