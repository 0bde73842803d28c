"""Rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from nxforge_core.api._words import load_texts

from ._action import RowAction
from ._part import Filled, Source

__all__ = ["Column", "ColumnKind", "Filter", "Rows", "Table"]

say = load_texts("nxforge_core")

#: How a column shows its values.
ColumnKind = Literal[
    "text", "number", "time", "age", "duration", "share", "trend", "code"
]


class Column(msgspec.Struct, frozen=True):
    """One column.

    Attributes:
        name: Member of the rows.
        label: Heads it; by default the name with a capital.
        kind: How values are shown. `age` counts from a datetime, `duration` takes
            seconds, `share` a number from 0 to 1, `trend` a list of numbers. A
            `State`, a `Link` or what is `Noted` is shown as such in any column.
        places: Decimal places of a number.
        sort: The reader may sort by it.
        hidden: Not shown until the reader asks for it.
    """

    name: str
    label: str = ""
    kind: ColumnKind = "text"
    unit: str = ""
    places: int | None = None
    sort: bool = False
    hidden: bool = False


class Filter(msgspec.Struct, frozen=True):
    """A choice above the table.

    Attributes:
        options: Values, or pairs of a value and its words.
    """

    name: str
    label: str
    options: Sequence[str | tuple[str, str]]


class Rows(msgspec.Struct, frozen=True):
    """One page of a table's content.

    Attributes:
        rows: Mappings or structs with a member for each column.
        total: Rows of all pages; None: not known.
        more: There are further pages; where `total` is not known.
    """

    rows: Sequence[object]
    total: int | None = None
    more: bool = False


class Table(Filled, frozen=True, tag="table"):
    """A table. The source answers `Rows`, or all rows as a list.

    A source that takes `query` sorts, searches and cuts by itself; of any other the
    host does that with the whole list. Sorting, pages and CSV work without JavaScript.

    Attributes:
        columns: In order.
        key: Member that identifies a row; actions are told its value. A row without
            one has no buttons.
        label: Member that says to who does not see the table which row a button is
            about; by default the key.
        sort: What it is sorted by at first; `-name` is descending.
        search: There is a field for words.
        size: Rows of one page.
        group: Member that gathers rows under headings, in the order of the source; each
            has an anchor, and a `State` there adds a note. Where it is empty in all
            rows there are no headings.
        csv: It can be had as a file.
        empty: What stands there while there are no rows.
    """

    title: str
    source: Source
    columns: Sequence[Column]
    key: str = ""
    label: str = ""
    sort: str = ""
    search: bool = False
    filters: Sequence[Filter] = ()
    actions: Sequence[RowAction] = ()
    size: int = 50
    group: str = ""
    csv: bool = True
    empty: str = say("Nothing here yet.")
