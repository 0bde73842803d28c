"""Tables of typed cells, before they become a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

__all__ = ["Cell", "Table"]

Cell = str | int | bool | Decimal | datetime | date | None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of cells under names.

    Attributes:
        name: Of the table, a word or two.
        columns: As the API names its members.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
