"""What the host tells a source of the one who looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

__all__ = ["Params", "Query", "Reader", "Window"]

#: What the page's address carries beside what the host keeps for itself.
Params = Mapping[str, str]


class Window(msgspec.Struct, frozen=True):
    """The span of time the page shows, [start, end).

    Attributes:
        points: So many points of a series can be told apart on the screen.
    """

    start: datetime
    end: datetime
    points: int = 800

    @property
    def seconds(self) -> float:
        """Its length."""
        return (self.end - self.start).total_seconds()


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What of a table is asked for.

    Attributes:
        search: Words of the reader; empty for all rows.
        filters: Chosen values, by the filter's name; only those that were chosen.
        sort: Name of a column that sorts, or empty.
        limit: Rows at the most.
        offset: Rows to skip.
    """

    search: str = ""
    filters: Mapping[str, str] = {}
    sort: str = ""
    descending: bool = False
    limit: int = 50
    offset: int = 0


class Reader(msgspec.Struct, frozen=True):
    """Who looks.

    Attributes:
        may: Whether that one holds a permission.
    """

    name: str
    may: Callable[[str], bool]
