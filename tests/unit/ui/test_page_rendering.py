"""Pages of plugins as HTML: everything is text, and each failure stays in its card."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from nxforge_core.api import UnknownItemError, ui
from nxforge_core.ui import (
    asset_path,
    h,
    own_assets,
    page_policy,
    render_error,
    render_login,
    to_html,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
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
            "javascript:alert(1)",
            "\x00<b>",
            "\ud800<b>",
        ]
    ),
)


def failing(error: BaseException) -> Any:
    """A source that raises."""

    async def source(_: Any) -> object:
        raise error

    return source


def text_of(tree: Any, selector: str) -> str:
    """Text of the first element that matches."""
    return str(tree.css_first(selector).text())


def elements(text: str) -> list[str]:
    """Names of all elements of a document, in order."""
    tree = LexborHTMLParser(text.encode())
    assert tree.root is not None
    return [str(node.tag) for node in tree.root.traverse(include_text=False)]


def page_saying(looks: Any, text: str) -> ui.Page:
    """A page with one of each widget that says the text wherever one can."""
    link = ui.Link(f"l{text}", text, {f"p{text}": text})
    state = ui.State(f"s{text}", "bad", f"n{text}")
    values = [f"v{text}", state, link, [text], object, Decimal(1)]
    columns = [
        ui.Column(str(n), f"c{text}", unit=f"u{text}") for n in range(len(values))
    ]
    row = {str(n): each for n, each in enumerate(values)}
    figure = ui.Figure(
        f"f{text}", f"v{text}", f"u{text}", f"h{text}", trend=[1, 2], link=link
    )
    lines = [
        ui.Line(f"l{text}", [NOW, NOW + timedelta(hours=1)], [1, None], f"u{text}")
    ]
    series = ui.Series(lines, [ui.Mark(NOW, f"m{text}")], f"n{text}")
    beats = [ui.Beat("ok", NOW, f"b{text}")]
    return looks.page(
        ui.Stats(f"t{text}", looks.giving([figure])),
        ui.Chart(
            f"t{text}",
            looks.giving(series),
            unit=f"u{text}",
            limits=[ui.Limit(1, f"l{text}")],
        ),
        ui.Table(
            f"t{text}",
            looks.giving([row]),
            columns,
            search=True,
            filters=[ui.Filter("0", f"f{text}", [(f"o{text}", f"w{text}")])],
        ),
        ui.Table(f"t{text}", looks.giving([]), columns, csv=False, empty=f"e{text}"),
        ui.Detail(
            f"t{text}", looks.giving([ui.Fact(f"f{text}", state, help=f"h{text}")])
        ),
        ui.StatusBar(
            f"t{text}",
            looks.giving([ui.Strip(f"l{text}", beats, "bad", f"s{text}", link=link)]),
        ),
        ui.Notice(f"n{text}", link=link),
        ui.Empty(f"t{text}", f"e{text}", link),
        ui.Section(f"t{text}", [ui.Notice(f"n{text}")], f"i{text}"),
        ui.Tabs([ui.Tab("one", f"t{text}", [ui.Notice(f"n{text}")])]),
        title=f"t{text}",
        intro=f"i{text}",
        links=[link],
    )


@given(text=HOSTILE)
async def test_no_text_of_a_plugin_makes_an_element(looks: Any, text: str) -> None:
    """Whatever a plugin says anywhere, the document has the same elements."""
    params = {"x": "y"}
    plain = await looks.html(page_saying(looks, "words"), params=params)

    html = await looks.html(page_saying(looks, text), params={"x": text or "y"})

    assert elements(html) == elements(plain)
    tree = LexborHTMLParser(html.encode())
    assert not tree.css("[onerror], [onload], [style], script:not([src])")
    assert len(tree.css("script")) == 2
    hrefs = [node.attributes["href"] for node in tree.css("a[href]")]
    assert all(str(href).startswith(("/nx/", "#")) or href == "" for href in hrefs)


@given(text=HOSTILE)
async def test_no_text_of_markdown_makes_an_element_of_its_own(
    looks: Any, text: str
) -> None:
    """Text makes nothing but what its marks stand for, and no address runs."""
    known = {"p", "h3", "h4", "h5", "ul", "ol", "li", "blockquote", "pre", "code"}
    known |= {"em", "strong", "a", "article", "header", "h2", "div"}
    whole = f"# {text}\n\n- {text}\n\n[{text}](javascript:{text})\n\n`{text}`"

    [card] = await looks.cards(ui.Text(whole, title="T"))

    tree = LexborHTMLParser(to_html(card).encode())
    found = {node.tag for node in tree.css("article, article *")}
    assert found <= known
    hrefs = [node.attributes["href"] for node in tree.css("a")]
    assert all(str(href).startswith("/nx/ui/") for href in hrefs)


@given(text=HOSTILE)
def test_no_text_of_an_error_makes_an_element(text: str) -> None:
    """Error pages show foreign text as text."""
    known = elements(render_error("t", "d", remedy="r", request_id="i", root=""))
    html = render_error(f"t{text}", text, remedy=f"r{text}", request_id=text, root="")

    assert elements(html) == known
    assert elements(render_login(f"p{text}", root="")) == elements(
        render_login("p", root="")
    )


@given(text=HOSTILE)
def test_tree_can_be_sent_whatever_it_says(text: str) -> None:
    """A tree is JSON that says the same."""
    sent = msgspec.json.encode(h("p", {"title": text}, text, [text]))

    tag, attributes, children = msgspec.json.decode(sent)

    assert tag == "p"
    assert attributes == {"title": text.encode(errors="replace").decode()}
    assert children == [attributes["title"]] * 2


async def test_text_that_vouches_for_itself_is_escaped(looks: Any) -> None:
    """A string that calls itself safe is a string like others."""
    page = looks.page(ui.Notice(Markup("<b>bold</b>")), title=Markup("<i>x</i>"))

    html = await looks.html(page)

    assert "&lt;b&gt;bold" in html
    assert "<i>x" not in html


@pytest.mark.parametrize(
    "error", [ValueError("unspeakable"), SystemExit(1), RecursionError()]
)
@pytest.mark.parametrize("kind", [ui.Stats, ui.Chart, ui.Detail, ui.StatusBar])
async def test_failing_widget_stays_in_its_card(
    looks: Any, error: BaseException, kind: Any
) -> None:
    """A source that raises costs its own card; its words stay in the log."""
    good = ui.Stats("Good", looks.giving([ui.Figure("Energy", 5, "kWh")]))

    html = await looks.html(looks.page(kind("Bad", failing(error)), good))

    cards = LexborHTMLParser(html).css("article.nx-card")
    assert [text_of(card, "h2") for card in cards] == ["Bad", "Good"]
    assert "This could not be shown" in cards[0].text()
    assert "data-failed" in cards[0].attributes
    assert "5" in cards[1].text()
    assert "unspeakable" not in html


@pytest.mark.parametrize("content", ["no rows", None, object(), [object()], {1: 2}])
@pytest.mark.parametrize("kind", [ui.Stats, ui.Chart, ui.StatusBar])
async def test_source_that_answers_nonsense_fails_its_own_card(
    looks: Any, content: object, kind: Any
) -> None:
    """What a widget cannot show is said in its card, by the kind of thing it is."""
    [card] = await looks.cards(kind("Bad", looks.giving(content)))

    assert "Error: the log has the details" in to_html(card)


async def test_error_of_the_family_is_told_in_its_words(looks: Any) -> None:
    """An error that is meant for people says what is wrong and what to do."""
    error = UnknownItemError(kind="meter", value="x", remedy="choose another one")

    [card] = await looks.cards(ui.Stats("Bad", failing(error)))

    assert "there is no meter &#x27;x&#x27;" in to_html(card)
    assert "choose another one" in to_html(card)


async def test_slow_source_is_given_up(looks: Any) -> None:
    """A page waits for each source so long and no longer, and for all at once."""

    async def never(_: Any) -> object:
        return await asyncio.Event().wait()

    slow = [ui.Stats(f"Slow {n}", never) for n in range(20)]

    async with asyncio.timeout(2):
        cards = await looks.cards(*slow, patience=0.05)

    assert sum("TimeoutError" in to_html(card) for card in cards) == 20


async def test_unknown_values_are_said(looks: Any) -> None:
    """What is not known is a word, not an empty place; no rows is a sentence."""
    column = [ui.Column("meter")]
    page = looks.page(
        ui.Stats("Now", looks.giving([ui.Figure("Energy", None, "kWh")])),
        ui.Table("All", looks.giving([{"meter": None}]), column, csv=False),
        ui.Table("None", looks.giving([]), column, csv=False, empty="No meter."),
    )

    tree = LexborHTMLParser(await looks.html(page))

    assert text_of(tree, "dd") == "unknown"
    assert text_of(tree, "tbody th") == "unknown"
    assert text_of(tree.css("article")[2], "p") == "No meter."


async def test_source_is_handed_what_it_names(looks: Any) -> None:
    """Window, query, reader and the address's own parameters come by name."""
    seen: list[Any] = []

    async def source(
        _: Any, window: ui.Window, reader: ui.Reader, params: ui.Params
    ) -> list[ui.Figure]:
        seen.extend([window.seconds, reader.name, params])
        return []

    asked = {"meter": "a", "window": "1h", "rows.page": "2"}
    await looks.cards(ui.Stats("Now", source), params=asked)

    assert seen == [3600.0, "somebody", {"meter": "a"}]


async def test_reader_without_permission_sees_neither_card_nor_content(
    looks: Any,
) -> None:
    """A widget with a permission is asked for its holders only."""
    secret = ui.Stats("Secret", failing(ValueError()), permission="probe:all:read")
    nobody = ui.Reader("nobody", lambda _: False)

    cards = await looks.cards(secret, ui.Notice("Seen"), reader=nobody)

    assert [card.attributes["id"] for card in cards] == ["notice"]


async def test_widgets_of_one_title_have_names_of_their_own(looks: Any) -> None:
    """Names come from titles, and a second one gets a number."""
    body = [ui.Empty("Power now!"), ui.Empty("Power now"), ui.Empty("P", name="own")]

    cards = await looks.cards(*body)

    names = [card.attributes["id"] for card in cards]
    assert names == ["power-now", "power-now-2", "own"]


async def test_tab_that_is_not_chosen_is_not_asked(looks: Any) -> None:
    """Only the sources of the chosen tab are asked; the others are links."""
    bad = ui.Stats("Bad", failing(ValueError()))
    tabs = [ui.Tab("one", "One", [bad]), ui.Tab("two", "Two", [ui.Notice("there")])]

    [card] = await looks.cards(ui.Tabs(tabs), params={"tab": "two"})

    tree = LexborHTMLParser(to_html(card))
    assert "there" in tree.text()
    assert tree.css_first("[aria-current=page]").text() == "Two"
    assert not tree.css("[data-failed]")


async def test_page_loads_nothing_from_elsewhere(looks: Any) -> None:
    """Addresses stay below the mount; the policy allows no other."""
    tree = LexborHTMLParser(await looks.html(looks.page()))

    links = [node.attributes["href"] for node in tree.css("link[rel=stylesheet]")]
    assert links == [f"/nx{asset_path('nx.css')}"]
    policy = page_policy()
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy


def test_assets_are_addressed_by_their_content() -> None:
    """A file is found under the hash of all of them and under no other."""
    bundle = own_assets()

    assert bundle.find(bundle.digest, "nx.js") is not None
    assert bundle.find("0" * 12, "nx.js") is None
    assert bundle.find(bundle.digest, "../_assets.py") is None
    assert asset_path("nx.js") == f"/ui/nx/{bundle.digest}/nx.js"
    style = bundle.files["nx.css"].body
    assert b"url(" not in style
    assert b"@import" not in style


def test_scripts_of_a_page_are_small() -> None:
    """All modules together are under 60 kB as they are sent compressed."""
    files = own_assets().files
    scripts = [files[name].body for name in files if name.endswith(".js")]

    assert len(scripts) > 10
    assert sum(len(gzip.compress(body)) for body in scripts) < 60_000
