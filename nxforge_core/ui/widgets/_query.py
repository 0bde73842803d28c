"""What of a table is asked for, from the address and back."""

from __future__ import annotations

from typing import Final

from nxforge_core.api.pages import Query, Table
from nxforge_core.ui._ask import Ask

__all__ = ["MOST_ROWS", "page_number", "query_of", "shown_columns"]

_LAST_PAGE: Final = 1_000_000
_LONGEST: Final = 200
#: Of a file: more are asked for in parts, through the API.
MOST_ROWS: Final = 10_000


def query_of(widget: Table, ask: Ask, *, whole: bool = False) -> Query:
    """Read the address; what makes no sense there is passed over.

    Args:
        widget: Says what can be asked for.
        ask: Has the address.
        whole: All rows, as a file has them.
    """
    name = ask.name(widget)
    sort = ask.params.get(f"{name}.sort", widget.sort)
    column = sort.removeprefix("-")
    known = {each.name for each in widget.columns if each.sort}
    if column not in known and sort != widget.sort:
        sort, column = widget.sort, widget.sort.removeprefix("-")
    page = page_number(widget, ask)
    return Query(
        search=ask.params.get(f"{name}.q", "")[:_LONGEST] if widget.search else "",
        filters=_filters(widget, ask),
        sort=column,
        descending=sort.startswith("-"),
        limit=MOST_ROWS if whole else widget.size,
        offset=0 if whole else (page - 1) * widget.size,
    )


def page_number(widget: Table, ask: Ask) -> int:
    """The page asked for, from 1 on."""
    text = ask.params.get(f"{ask.name(widget)}.page", "1")
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_PAGE))
    return max(int(text), 1) if fits else 1


def shown_columns(widget: Table, ask: Ask) -> set[str]:
    """Names of the columns that are shown."""
    chosen = ask.params.get(f"{ask.name(widget)}.cols")
    if chosen is None:
        return {each.name for each in widget.columns if not each.hidden}
    wanted = set(chosen.split(" "))
    return {each.name for each in widget.columns if each.name in wanted}


def _filters(widget: Table, ask: Ask) -> dict[str, str]:
    name = ask.name(widget)
    chosen: dict[str, str] = {}
    for each in widget.filters:
        options = {o if isinstance(o, str) else o[0] for o in each.options}
        text = ask.params.get(f"{name}.f.{each.name}", "")
        if text in options:
            chosen[each.name] = text
    return chosen
