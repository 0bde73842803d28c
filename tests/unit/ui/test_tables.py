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
