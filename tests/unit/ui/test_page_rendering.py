"""Pages of plugins as HTML: everything is text, and each failure stays in its card."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from nxforge_core.api import PluginContext, PluginId, PluginInfo
from nxforge_core.api import ui as widgets
from nxforge_core.services import get_log
from nxforge_core.ui import (
    ASSETS,
    STYLE_PATH,
    gather,
    page_policy,
    render_error,
    render_login,
    render_page,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

Source = Callable[[Any], Awaitable[Any]]
HOSTILE = st.one_of(
    st.text(st.characters(), max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "</title><b>",
            "'><svg/onload=alert(1)>",
            "{{ 7*7 }}",
            "&lt;b&gt;",
            "<!--",
            "]]>",
            "\x00<b>",
            "\ud800<b>",
        ]
    ),
)


@pytest.fixture(scope="module")
def context() -> PluginContext[Any]:
    """A context with a log."""
    unused: Any = None
    return PluginContext(
        plugin=PluginInfo(PluginId("probe"), "nxforge-probe", "1.0"),
        settings=None,
        db=unused,
        http=unused,
        browser=unused,
        secrets=unused,
        jobs=unused,
        events=unused,
        log=get_log("probe"),
        clock=unused,
    )


def giving(content: object) -> Source:
    """A source of a widget."""

    async def source(_: Any) -> object:
        return content

    return source


def failing(error: BaseException) -> Source:
    """A source that raises."""

    async def source(_: Any) -> object:
        raise error

    return source


def page_of(*body: Any, title: str = "Meters") -> widgets.Page:
    """A public page."""
    return widgets.Page(name="start", title=title, body=body, public=True)


async def shown(page: widgets.Page, context: PluginContext[Any], **more: Any) -> str:
    """The page as HTML."""
    view = await gather(page, context, **more)
    return render_page("Overview", [view], root="/nx", now=NOW)


def text_of(tree: Any, selector: str) -> str:
    """Text of the first element that matches."""
    return str(tree.css_first(selector).text())


def elements(text: str) -> list[str]:
    """Names of all elements of a document, in order."""
    tree = LexborHTMLParser(text.encode())
    assert tree.root is not None
    return [str(node.tag) for node in tree.root.traverse(include_text=False)]


def page_saying(text: str) -> widgets.Page:
    """A page with one of each widget that says the text wherever one can."""
    rows = widgets.Rows(columns=[text], rows=[[text]])
    return page_of(
        widgets.Stats(f"t{text}", giving([widgets.Figure(text, text, text)])),
        widgets.Table(f"t{text}", giving(rows), empty=text),
        widgets.Text(text),
        title=f"t{text}",
    )


@given(text=HOSTILE)
async def test_no_text_of_a_plugin_makes_an_element(
    context: PluginContext[Any], text: str
) -> None:
    """Whatever a plugin says anywhere, the document has the same elements."""
    plain = await shown(page_saying("words"), context)

    html = await shown(page_saying(text), context)

    assert elements(html) == elements(plain)
    tree = LexborHTMLParser(html.encode())
    assert not tree.css("[onerror], [onload], script:not([src])")
    assert len(tree.css("script")) == 1


@given(text=HOSTILE)
def test_no_text_of_an_error_makes_an_element(text: str) -> None:
    """Error pages show foreign text as text."""
    known = elements(render_error("t", "d", remedy="r", request_id="i", root=""))
    html = render_error(f"t{text}", text, remedy=f"r{text}", request_id=text, root="")

    assert elements(html) == known
    assert elements(render_login(f"p{text}", root="")) == elements(
        render_login("p", root="")
    )


async def test_text_that_vouches_for_itself_is_escaped(
    context: PluginContext[Any],
) -> None:
    """A string that calls itself safe is a string like others."""
    page = page_of(widgets.Text(Markup("<b>bold</b>")), title=Markup("<i>x</i>"))

    html = await shown(page, context)

    assert "&lt;b&gt;bold" in html
    assert "<i>" not in html


@pytest.mark.parametrize(
    "source",
    [
        failing(ValueError("unspeakable")),
        failing(SystemExit(1)),
        failing(RecursionError()),
        giving("no rows"),
        giving(None),
        giving(object()),
        giving(widgets.Rows(columns=["a"], rows=[["1", "2"]])),
        giving(widgets.Rows(columns=["a"], rows=[[]])),
        giving([object()]),
    ],
)
@pytest.mark.parametrize("kind", [widgets.Stats, widgets.Table])
async def test_failing_widget_stays_in_its_card(
    context: PluginContext[Any], source: Source, kind: Any
) -> None:
    """A source that raises or answers nonsense costs its own card; its words stay."""
    good = widgets.Stats("Good", giving([widgets.Figure("Energy", "5", "kWh")]))

    html = await shown(page_of(kind("Bad", source), good), context)

    tree = LexborHTMLParser(html)
    cards = tree.css("article.card")
    assert [text_of(card, "h3") for card in cards] == ["Bad", "Good"]
    assert "This could not be shown" in cards[0].text()
    assert "5" in cards[1].text()
    assert "unspeakable" not in html


async def test_slow_source_is_given_up(context: PluginContext[Any]) -> None:
    """A page waits for each source so long and no longer, and for all at once."""

    async def never(_: Any) -> object:
        return await asyncio.Event().wait()

    slow = [widgets.Stats(f"Slow {n}", never) for n in range(20)]

    async with asyncio.timeout(2):
        html = await shown(page_of(*slow), context, patience=0.05)

    assert html.count("TimeoutError") == 20


async def test_unknown_values_are_said(context: PluginContext[Any]) -> None:
    """What is not known is a word, not an empty place; no rows is a sentence."""
    page = page_of(
        widgets.Stats("Now", giving([widgets.Figure("Energy", None, "kWh")])),
        widgets.Table("All", giving(widgets.Rows(["Meter"], [[None]]))),
        widgets.Table("None", giving(widgets.Rows(["Meter"], [])), empty="No meter."),
    )

    tree = LexborHTMLParser(await shown(page, context))

    assert text_of(tree, "dd") == "unknown"
    assert text_of(tree, "td") == "unknown"
    assert text_of(tree.css("article")[2], "p") == "No meter."


async def test_page_loads_nothing_from_elsewhere(context: PluginContext[Any]) -> None:
    """Addresses stay below the mount; the policy allows no other."""
    tree = LexborHTMLParser(await shown(page_of(), context))

    links = [node.attributes["href"] for node in tree.css("link[rel=stylesheet]")]
    assert links == [f"/nx{STYLE_PATH}"]
    assert page_policy().startswith("default-src 'none'; script-src 'self'; ")


def test_style_path_names_its_content() -> None:
    """The style sheet is there, loads nothing, and its path can be kept for ever."""
    style = ASSETS[STYLE_PATH].body
    assert STYLE_PATH.startswith("/ui/nxforge/")
    assert b"url(" not in style
    assert b"@import" not in style


def test_page_without_plugins_says_what_to_do() -> None:
    """An empty start page tells the next command."""
    html = render_page("Overview", [], root="", now=NOW)

    assert "nxforge plugins enable" in html
