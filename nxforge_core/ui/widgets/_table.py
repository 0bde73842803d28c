"""Tables: rows, and the links that sort them and turn their pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Column, Query, Rows, Table
from nxforge_core.ui._ask import Ask, takes
from nxforge_core.ui._tree import Node, h, hidden_text

from ._arrange import arranged, as_mapping
from ._frame import empty, frame
from ._query import query_of, shown_columns
from ._row_actions import acting, allowed, key_of, row_buttons
from ._row_groups import bodies, ways_to_groups
from ._table_tools import pager, tools
from ._value import value

__all__ = ["show_table", "table_rows"]

say = load_texts("nxforge_core")

#: Characters that no line ends between.
_SHORT: Final = 24


async def show_table(widget: Table, ask: Ask) -> Node:
    """Ask for one page of the rows and show it."""
    query = query_of(widget, ask)
    rows = await table_rows(widget, ask, query)
    head = tools(widget, ask, query)
    if not rows.rows:
        words = say("No row fits.") if query.search or query.filters else widget.empty
        return frame(widget, ask, head, empty(words))
    return frame(widget, ask, head, *_body(widget, ask, query, rows))


async def table_rows(widget: Table, ask: Ask, query: Query) -> Rows:
    """What the source answers to the query, arranged."""
    content = await ask.content(widget.source, query)
    return arranged(content, widget, query, done=takes(widget.source, "query"))


def _body(widget: Table, ask: Ask, query: Query, rows: Rows) -> list[Node | None]:
    shown = shown_columns(widget, ask)
    columns = [column for column in widget.columns if column.name in shown]

    def line(row: object) -> Node:
        return _line(widget, ask, columns, row)

    heads = _heads(widget, ask, query, columns)
    table = h(
        "table",
        None,
        h("caption", {"class": "nx-hidden"}, widget.title),
        h("thead", None, h("tr", None, heads)),
        bodies(widget, ask, rows.rows, line, len(heads)),
    )
    region = {
        "class": "nx-scroll",
        "tabindex": "0",
        "role": "region",
        "aria-label": say("{title}, table").format(title=widget.title),
    }
    scrolled = acting(widget, ask, h("div", region, table))
    ways = ways_to_groups(widget, ask, rows.rows)
    return [ways, scrolled, pager(widget, ask, rows)]


def _heads(
    widget: Table, ask: Ask, query: Query, columns: Sequence[Column]
) -> list[Node]:
    heads = [_head(widget, ask, query, column) for column in columns]
    found = allowed(widget, ask)
    if any(each.many for each in found):
        heads.insert(0, h("th", {"scope": "col"}, hidden_text(say("Select"))))
    if any(each.single for each in found):
        heads.append(h("th", {"scope": "col"}, hidden_text(say("Actions"))))
    return heads


def _head(widget: Table, ask: Ask, query: Query, column: Column) -> Node:
    label = column.label or column.name.replace("_", " ").capitalize()
    label = f"{label} ({column.unit})" if column.unit else label
    side = _side(column)
    if not column.sort:
        return h("th", {"scope": "col", "class": side}, label)
    name, up = ask.name(widget), query.sort != column.name or query.descending
    to = ask.here(
        {f"{name}.sort": column.name if up else f"-{column.name}", f"{name}.page": None}
    )
    order = None
    if query.sort == column.name:
        order = "descending" if query.descending else "ascending"
    link = h("a", {"href": to, "data-turn": name}, label)
    return h("th", {"scope": "col", "class": side, "aria-sort": order}, link)


def _line(widget: Table, ask: Ask, columns: Sequence[Column], row: object) -> Node:
    given = as_mapping(row)
    cells = [
        h(
            "th" if place == 0 else "td",
            {
                "class": _side(column, given.get(column.name)),
                "scope": "row" if place == 0 else None,
            },
            value(given.get(column.name), ask, column.kind, places=column.places),
        )
        for place, column in enumerate(columns)
    ]
    key = key_of(widget, given) or None
    return h("tr", {"data-key": key}, row_buttons(widget, ask, given, cells))


def _side(column: Column, given: object = None) -> str | None:
    if column.kind in ("number", "duration"):
        return "end"
    short = isinstance(given, str) and len(given) <= _SHORT
    return "short" if short or column.kind in ("time", "age", "share") else None
