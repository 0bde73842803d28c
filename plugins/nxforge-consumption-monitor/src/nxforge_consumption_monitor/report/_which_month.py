"""Which month a caller means."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from nxforge_core.api import InvalidInputError

__all__ = ["parse_month"]

_MONTH: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})\Z")
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9998
_MONTHS: Final = 12


def parse_month(year: str | None, month: str | None, local_now: datetime) -> date:
    """The first day of the month; the current one by default.

    Raises:
        InvalidInputError: year or month is not one.
    """
    both = _MONTH.match(month) if month else None
    if both:
        if year is not None and year != both["year"]:
            remedy = "leave 'year' out, 'month' names it already"
            raise InvalidInputError(field="year", value=year, remedy=remedy)
        year, month = both["year"], both["month"]
    return date(
        _number("year", year, local_now.year, (_FIRST_YEAR, _LAST_YEAR)),
        _number("month", month, local_now.month, (1, _MONTHS)),
        1,
    )


def _number(
    field: str, text: str | None, default: int, allowed: tuple[int, int]
) -> int:
    if text is None:
        return default
    low, high = allowed
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_YEAR))
    if not fits or not low <= int(text) <= high:
        remedy = f"give a whole number from {low} to {high}, or month=YYYY-MM"
        raise InvalidInputError(field=field, value=text, remedy=remedy)
    return int(text)
