"""The months that a month is compared with, and by how much it differs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.models import plain

__all__ = ["change_percent", "months_beside"]

_DECEMBER: Final = 12
_JANUARY: Final = 1
_TWO: Final = Decimal("0.01")


def months_beside(first: date) -> dict[str, date]:
    """First days of the month before, and of the same month a year before."""
    if first.month == _JANUARY:
        previous = date(first.year - 1, _DECEMBER, 1)
    else:
        previous = date(first.year, first.month - 1, 1)
    return {"previous": previous, "lastYear": date(first.year - 1, first.month, 1)}


def change_percent(mine: Decimal, other: Decimal) -> Decimal:
    """By how much it differs from another one, which is not 0."""
    return plain(((mine - other) * 100 / other).quantize(_TWO))
