"""Every widget in a real browser: complete without JavaScript, fresh with it."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.timeout(90)

PAGE = "/ui/gallery/all"
WIDE = {"width": 1200, "height": 800}
NARROW = {"width": 320, "height": 640}
OVERFLOW = "document.documentElement.scrollWidth > innerWidth"
BROKEN = "a module of gallery failed"


def drawn(page: Any) -> None:
    """Wait until charts and modules are there."""
    page.wait_for_selector("#power nx-chart[data-drawn]")
    page.wait_for_selector("#gauge [data-state=ready]")
    page.wait_for_selector("#broken-module [data-state=failed]")


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light")]
)
def test_no_widget_violates_accessibility(look: Any, size: Any, scheme: str) -> None:
    """Axe finds nothing, and at 320 pixels nothing has to be scrolled sideways."""
    with look(viewport=size, color_scheme=scheme, bypass_csp=True) as looking:
        looking.go(PAGE)
        drawn(looking.page)
        found = Axe().run(looking.page)
        overflow = looking.page.evaluate(OVERFLOW)

    assert found.violations_count == 0, found.generate_report()
    assert overflow is False


def test_contrast_theme_is_chosen_and_kept(look: Any) -> None:
    """The button goes through the themes; the choice outlives the page."""
    with look(bypass_csp=True) as looking:
        looking.go(PAGE)
        looking.page.locator("#nx-theme").click()
        looking.page.locator("#nx-theme").click()
        looking.page.reload()
        theme = looking.page.evaluate("document.documentElement.dataset.theme")
        found = Axe().run(looking.page)

    assert theme == "contrast"
    assert found.violations_count == 0, found.generate_report()


def test_values_stay_fresh_and_modules_are_contained(look: Any) -> None:
    """Events change cards and modules; the broken one costs its own card only."""
    with look() as looking:
        page = looking.page
        looking.go(PAGE)
        drawn(page)
        tile = page.locator("#now [data-key=Ticks] .value")
        before = tile.inner_text()
        page.wait_for_selector(
            f"#now [data-key=Ticks] .value:not(:text-is('{before}'))"
        )
        page.wait_for_selector("#gauge .heard:has-text('heard')")
        shown = page.locator("#gauge .gauge").inner_text()
        page.wait_for_selector(f"#gauge .gauge:not(:text-is('{shown}'))")
        instead = page.locator("#broken-module").inner_text()
        asleep = page.locator("#asleep [role=alert]").inner_text()
        complaints = [each for each in looking.complaints if BROKEN not in each]

    assert "no such thing" in instead
    assert "This stands there instead." in instead
    assert "the meters are asleep" in asleep
    assert complaints == []


def test_table_turns_without_leaving_the_page(look: Any) -> None:
    """Sorting, words and pages change one card and the address."""
    with look() as looking:
        page = looking.page
        looking.go(PAGE)
        page.evaluate("window.kept = true")
        page.locator("#meters th a", has_text="Load").click()
        page.locator("#meters th a", has_text="Load").click()
        page.wait_for_selector("#meters [aria-sort=descending]")
        page.locator("#meters .nx-pager a", has_text="Next").click()
        page.wait_for_selector("#meters .nx-pager:has-text('21')")
        page.locator("#meters input[type=search]").fill("meter 19")
        page.locator("#meters input[type=search]").press("Enter")
        # Rows of the page before have as many, and the search may take a moment.
        first = page.locator("#meters tbody tr:first-child th", has_text="Meter 199")
        first.wait_for()
        rows = page.locator("#meters tbody th").all_inner_texts()
        address, kept = page.url, page.evaluate("window.kept")

    assert rows[0] == "Meter 199"
    assert "meters.q=meter+19" in address
    assert kept is True


def test_form_and_buttons_work_in_place(look: Any) -> None:
    """Faults stand beside fields, a question is asked, a word says what was done."""
    with look() as looking:
        page = looking.page
        looking.go(PAGE)
        page.locator("#endpoint-name").fill("x")
        page.locator("#endpoint button").click()
        page.wait_for_selector("#endpoint-name-wrong:has-text('2 at the least')")
        focused = page.evaluate("document.activeElement.id")
        page.locator("#endpoint-name").fill("Rack B1")
        page.locator("#endpoint button").click()
        page.wait_for_selector(".nx-toast:has-text('Rack B1 is saved.')")
        page.locator("#meters tbody tr:first-child input").check()
        page.locator("#meters .nx-many button").click()
        page.locator("dialog .danger").click()
        page.wait_for_selector(".nx-toast:has-text('1 paused: m0.')")
        page.wait_for_selector("#deeds:has-text('paused m0')")
        complaints = [each for each in looking.complaints if BROKEN not in each]

    assert focused == "endpoint-name"
    # The browser itself notes an answer of 422.
    assert all("422" in each for each in complaints)


def test_page_is_whole_without_javascript(look: Any) -> None:
    """Values, drawings, sorting, forms and questions are there without a script."""
    with look(java_script_enabled=False) as looking:
        page = looking.page
        page.goto(looking.base + PAGE)
        charts = page.locator("svg.nx-drawing").count()
        page.locator("#meters th a", has_text="Load").click()
        sorted_by = page.locator("#meters [aria-sort]").inner_text()
        page.locator("#meters .nx-pager a", has_text="Next").click()
        second = page.locator("#meters .nx-pager").inner_text()
        page.locator("#clear button").click()
        question = page.locator("main").inner_text()
        page.locator("main .danger").click()
        said = page.locator(".nx-said").inner_text()
        page.locator("#endpoint-name").fill("x")
        page.locator("#endpoint button").click()
        wrong = page.locator("#endpoint-name-wrong").inner_text()
        typed = page.locator("#endpoint-name").input_value()

    assert charts == 7
    assert "Load" in sorted_by
    assert "21" in second
    assert "Clear everything?" in question
    assert said == "Everything is cleared."
    assert "2 at the least" in wrong
    assert typed == "x"


def test_paper_is_white_whatever_the_theme(look: Any) -> None:
    """A dark page prints light, charts too; no menu, no buttons, all cards."""
    with look(color_scheme="dark") as looking:
        page = looking.page
        looking.go(PAGE)
        drawn(page)
        page.evaluate(
            "addEventListener('beforeprint', () => {"
            " const { engine } = document.querySelector('#power nx-chart');"
            " window.paper = [engine.theme().text, engine.ratio]; })"
        )
        document = page.pdf()
        text, ratio = page.evaluate("window.paper")
        after = page.evaluate(
            "document.querySelector('#power nx-chart').engine.theme().text"
        )
        page.emulate_media(media="print")
        seen = [
            page.locator(each).first.is_visible()
            for each in (".nx-top", "#nx-nav", "#endpoint button", "#power", "#meters")
        ]
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert document.startswith(b"%PDF")
    assert (text, ratio, after) == ("rgb(86, 92, 105)", 3, "rgb(163, 171, 184)")
    assert seen == [False, False, False, True, True]
    assert ground == "rgb(255, 255, 255)"


def test_chart_is_read_and_zoomed_by_keyboard(look: Any) -> None:
    """Arrows read values aloud, plus zooms every chart, Escape shows everything."""
    with look() as looking:
        page = looking.page
        looking.go(PAGE)
        page.wait_for_selector("#power nx-chart[data-drawn]")
        chart = page.locator("#power nx-chart")
        chart.focus()
        page.keyboard.press("ArrowRight")
        said = page.locator("#nx-said").inner_text()
        page.keyboard.press("+")
        page.wait_for_url("**from=*")
        page.keyboard.press("Escape")
        page.wait_for_url(f"**{PAGE}")
        page.locator("#power .nx-legend button").first.click()
        pressed = page.locator("#power .nx-legend button").first.get_attribute(
            "aria-pressed"
        )

    assert "Rack A1" in said
    assert "kW" in said
    assert pressed == "false"


def test_palette_finds_a_page(look: Any) -> None:
    """Ctrl+K and a few letters lead to a page."""
    with look() as looking:
        page = looking.page
        looking.go(PAGE)
        page.keyboard.press("Control+k")
        page.locator("dialog input").fill("live con")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ui/consumption-monitor/live")
        title = page.locator("h1").inner_text()

    assert title == "Live consumption"
