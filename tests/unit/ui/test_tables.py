"""Tables: what the address asks for, done by the source or by the host."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from nxforge_core.api import ui
from nxforge_core.ui import csv_of, data_of, to_html

COLUMNS = [
    ui.Column("name", sort=True),
    ui.Column("kw", "Load", "number", "kW", sort=True),
    ui.Column("room"),
    ui.Column("id", hidden=True),
]
ROWS = [
    {"id": f"m{n}", "name": f"Meter {n:02}", "kw": n % 7 or None, "room": f"R{n % 3}"}
    for n in range(25)
]


def table(looks: Any, source: Any = None, **more: Any) -> ui.Table:
    """A table of ten rows a page."""
    given = {
        "search": True,
        "filters": [ui.Filter("room", "Room", ["R0", ("R1", "First")])],
        "sort": "name",
        "key": "id",
        "size": 10,
        **more,
    }
    return ui.Table("Meters", source or looks.giving(ROWS), COLUMNS, **given)


async def names(looks: Any, **params: str) -> list[str]:
    """First cells of the rows for an address."""
    asked = {name.replace("_", ".", 1): text for name, text in params.items()}
    [card] = await looks.cards(table(looks), params=asked)
    tree = LexborHTMLParser(to_html(card))
    return [cell.text() for cell in tree.css("tbody th")]


async def test_list_is_sorted_searched_and_cut_by_the_host(looks: Any) -> None:
    """A source that answers all rows needs no code for any of it."""
    assert (await names(looks))[:2] == ["Meter 00", "Meter 01"]
    assert await names(looks, meters_page="3") == [f"Meter {n}" for n in range(20, 25)]
    assert (await names(looks, meters_sort="-name"))[0] == "Meter 24"
    assert (await names(looks, meters_q="meter 17")) == ["Meter 17"]
    assert len(await names(looks, **{"meters_f.room": "R1"})) == 8


async def test_unknown_values_come_last_both_ways(looks: Any) -> None:
    """What is not known is neither the least nor the most."""
    up = await names(looks, meters_sort="kw", meters_page="3")
    down = await names(looks, meters_sort="-kw", meters_page="3")

    assert up[-4:] == down[-4:] == ["Meter 00", "Meter 07", "Meter 14", "Meter 21"]


@pytest.mark.parametrize(
    "params",
    [
        {"meters.sort": "room"},
        {"meters.sort": "-"},
        {"meters.page": "-1"},
        {"meters.page": "x"},
        {"meters.f.room": "R9"},
        {"other.q": "zzz"},
    ],
)
async def test_address_that_makes_no_sense_shows_the_table(
    looks: Any, params: dict[str, str]
) -> None:
    """What cannot be meant is passed over."""
    [card] = await looks.cards(table(looks), params=params)

    assert "Meter 00" in to_html(card)


async def test_source_that_takes_the_query_does_it_itself(looks: Any) -> None:
    """It is handed sort, words, choices and cut, and the host touches nothing."""
    seen: list[ui.Query] = []

    async def source(_: Any, query: ui.Query) -> ui.Rows:
        seen.append(query)
        return ui.Rows([{"name": "only"}], total=31)

    asked = {"meters.sort": "-kw", "meters.q": "a", "meters.page": "2"}
    [card] = await looks.cards(table(looks, source), params=asked)

    tree = LexborHTMLParser(to_html(card))
    assert seen == [
        ui.Query(search="a", sort="kw", descending=True, limit=10, offset=10)
    ]
    assert "11\N{EN DASH}11 of 31" in tree.css_first(".nx-pager").text()
    assert tree.css_first("th[aria-sort=descending] a").text() == "Load (kW)"


async def test_links_keep_the_rest_of_the_address(looks: Any) -> None:
    """Turning the page of one table loses neither the search nor another table."""
    asked = {"meters.q": "meter", "other.page": "4", "id": "x"}
    [card] = await looks.cards(table(looks), params=asked)

    tree = LexborHTMLParser(to_html(card))
    turn = str(tree.css(".nx-pager a")[-1].attributes["href"])
    kept = {
        n.attributes["name"]: n.attributes["value"] for n in tree.css("[type=hidden]")
    }
    assert turn.startswith("/nx/ui/probe/start?")
    for pair in ("meters.q=meter", "other.page=4", "id=x", "meters.page=2"):
        assert pair in turn
    assert kept == {"other.page": "4", "id": "x"}


async def test_hidden_column_is_shown_when_asked_for(looks: Any) -> None:
    """Columns are chosen in the address."""
    [card] = await looks.cards(table(looks), params={"meters.cols": "name id"})

    heads = [node.text() for node in LexborHTMLParser(to_html(card)).css("thead th")]
    assert heads == ["Name", "Id"]


async def test_file_has_all_rows_and_no_formula(looks: Any) -> None:
    """CSV is everything that fits, values as they are, and nothing that runs."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [
        {"name": "=1+1", "kw": Decimal("-1.50"), "room": None},
        {"name": ui.State("@x", "ok"), "kw": None, "room": at},
        {"name": ui.Link("ok", "to"), "kw": 2, "room": "a,b"},
    ]
    found = table(looks, looks.giving(rows), sort="", size=1)
    ask = looks.ask(looks.page(found))

    text = await csv_of(found, ask)

    assert list(csv.reader(io.StringIO(text))) == [
        ["name", "Load", "room", "id"],
        ["'=1+1", "-1.50", "", ""],
        ["'@x", "", "2026-03-01T00:00:00+00:00", ""],
        ["ok", "2", "a,b", ""],
    ]


async def test_data_is_the_page_that_was_asked_for(looks: Any) -> None:
    """Programs get the rows as the source answered them."""
    found = table(looks)
    ask = looks.ask(looks.page(found), params={"meters.page": "3"})

    rows = await data_of(found, ask)

    assert rows.total == 25
    assert rows.rows == ROWS[20:]


async def test_actions_are_for_who_may(looks: Any) -> None:
    """Buttons stand at rows for the holders of their permission only."""

    async def pause(_: Any, keys: list[str]) -> None:
        del keys

    actions = [
        ui.RowAction("pause", "Pause", pause, many=True),
        ui.RowAction("drop", "Drop", pause, permission="probe:all:drop", single=True),
    ]
    nobody = ui.Reader("nobody", lambda _: False)

    [card] = await looks.cards(table(looks, actions=actions), reader=nobody)

    tree = LexborHTMLParser(to_html(card))
    ones = {node.attributes["value"] for node in tree.css("[name=nx-one]")}
    assert {"pause:m0", "pause:m9"} <= ones
    assert not any(str(each).startswith("drop") for each in ones)
    assert len(tree.css("[name=key]")) == 10
    assert tree.css_first("[name=nx-many]").attributes["value"] == "pause"


GROUPED = [
    {"id": "c", "name": "Charlie", "room": ui.State("Hall 2", note="upstairs")},
    {"id": "a", "name": "Alpha", "room": "Hall 1"},
    {"id": "b", "name": "Bravo", "room": ui.State("Hall 2", note="upstairs")},
    {"id": None, "name": "Delta", "room": "Hall 1"},
]


def grouped(looks: Any) -> ui.Table:
    """A table of meters by hall."""
    remove = ui.RowAction("remove", "Remove", looks.giving(None), many=True)
    columns = [ui.Column("name", sort=True)]
    return ui.Table(
        "Meters",
        looks.giving(GROUPED),
        columns,
        group="room",
        key="id",
        search=True,
        actions=[remove],
    )


async def test_rows_are_gathered_under_headings_with_anchors(looks: Any) -> None:
    """In the order of the source, sorted inside, with a way to each."""
    [card] = await looks.cards(grouped(looks), params={"meters.sort": "name"})
    tree = LexborHTMLParser(to_html(card))
    bodies = {each.attributes["id"]: each for each in tree.css("tbody")}
    found = {
        name: [cell.text(strip=True) for cell in body.css("th")]
        for name, body in bodies.items()
    }

    assert found == {
        "meters-hall-2": ["Hall 2upstairs", "Bravo", "Charlie"],
        "meters-hall-1": ["Hall 1", "Alpha", "Delta"],
    }
    assert [each.attributes["href"] for each in tree.css("nav.nx-ways a")] == [
        "#meters-hall-2",
        "#meters-hall-1",
    ]
    assert tree.css_first("th[scope=rowgroup]").attributes["colspan"] == "3"


async def test_row_without_a_key_has_no_buttons(looks: Any) -> None:
    """Nothing could be told of which row it is meant."""
    [card] = await looks.cards(grouped(looks))
    rows = LexborHTMLParser(to_html(card)).css("tr:not(.nx-group)")
    buttons = {
        row.css_first("th[scope=row]").text(): len(row.css("button, input"))
        for row in rows
        if row.css_first("th[scope=row]")
    }

    assert buttons == {"Charlie": 2, "Bravo": 2, "Alpha": 2, "Delta": 0}


async def test_note_below_a_value_is_searched_and_left_out_of_the_file(
    looks: Any,
) -> None:
    """It is read, and the value sorts and counts as it is."""
    rows = [
        {"name": ui.Noted(ui.Link("Alpha", "alpha"), "the old one"), "kw": 2},
        {"name": ui.Noted("Bravo", ""), "kw": ui.Noted(1, "<i>")},
    ]
    columns = [ui.Column("name"), ui.Column("kw", kind="number", sort=True)]
    widget = ui.Table("Meters", looks.giving(rows), columns, search=True, sort="kw")
    [card] = await looks.cards(widget, params={"meters.q": "old"})
    shown = LexborHTMLParser(to_html(card))
    file = await csv_of(widget, looks.ask(looks.page(widget)))

    assert [each.text() for each in shown.css("tbody th")] == ["Alpha the old one"]
    assert file == "name,kw\r\nBravo,1\r\nAlpha,2\r\n"
