"""Sorting, searching and cutting a list, for sources that do it not themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from nxforge_core.api.pages import Link, Noted, Query, Rows, State, Table

from ._frame import ContentError

__all__ = ["arranged", "as_mapping", "text_of"]

Row = Mapping[str, object]


def arranged(content: object, widget: Table, query: Query, *, done: bool) -> Rows:
    """The rows to show.

    Args:
        content: What the source answered.
        widget: Says in which columns words are looked for.
        query: What is asked for.
        done: The source took the query and did what it says.
    """
    if isinstance(content, Rows):
        rows = [as_mapping(row) for row in content.rows]
        if done or content.total is not None or content.more:
            return msgspec.structs.replace(content, rows=rows)
    elif isinstance(content, list | tuple):
        rows = [as_mapping(row) for row in content]
        if done:
            return Rows(rows)
    else:
        raise ContentError(content, "Rows, or a list of rows")
    found = _sorted(_found(rows, widget, query), query)
    return _cut(_gathered(found, rows, widget.group), query)


def as_mapping(row: object) -> Row:
    """A row by its members' names."""
    if isinstance(row, Mapping):
        return row
    if isinstance(row, msgspec.Struct):
        return msgspec.structs.asdict(row)
    raise ContentError(row, "a mapping or a struct as a row")


def _found(rows: Sequence[Row], widget: Table, query: Query) -> list[Row]:
    words = query.search.casefold().split()
    names = [column.name for column in widget.columns]
    return [
        row for row in rows if _fits(row, query.filters) and _has(row, names, words)
    ]


def _fits(row: Row, filters: Mapping[str, str]) -> bool:
    return all(text_of(row.get(name)) == wanted for name, wanted in filters.items())


def _has(row: Row, names: Sequence[str], words: Sequence[str]) -> bool:
    """Whether what is written in the row has all words; numbers are not written."""
    if not words:
        return True
    given = (row.get(name) for name in names)
    written = (_written(each) for each in given)
    text = " ".join(written).casefold()
    return all(word in text for word in words)


def _written(value: object) -> str:
    if isinstance(value, Noted):
        return f"{_written(value.value)} {value.note}"
    return text_of(value) if isinstance(value, str | State | Link) else ""


def text_of(value: object) -> str:
    """The words of a value, without what a reader does not search for."""
    if isinstance(value, Noted):
        return text_of(value.value)
    if isinstance(value, State | Link):
        return value.text
    return "" if value is None else str(value)


def _sorted(rows: list[Row], query: Query) -> list[Row]:
    if not query.sort:
        return rows
    name = query.sort
    known = [row for row in rows if row.get(name) is not None]
    unknown = [row for row in rows if row.get(name) is None]
    # What is not known comes last, whichever way the others are sorted.
    known.sort(key=lambda row: _order(row[name]), reverse=query.descending)
    return [*known, *unknown]


def _gathered(found: list[Row], rows: Sequence[Row], group: str) -> list[Row]:
    """Those of one group together, the groups in the order of the source."""
    if not group:
        return found
    places: dict[str, int] = {}
    for row in rows:
        places.setdefault(text_of(row.get(group)), len(places))
    return sorted(found, key=lambda row: places[text_of(row.get(group))])


def _order(value: object) -> tuple[int, float, str]:
    if isinstance(value, Noted):
        return _order(value.value)
    if isinstance(value, bool | int | float | Decimal):
        return 0, float(value), ""
    if isinstance(value, datetime):
        return 0, value.timestamp(), ""
    if isinstance(value, timedelta):
        return 0, value.total_seconds(), ""
    return 1, 0.0, text_of(value).casefold()


def _cut(rows: Sequence[Row], query: Query) -> Rows:
    page = rows[query.offset : query.offset + query.limit]
    return Rows(page, total=len(rows))
