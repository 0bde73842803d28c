"""Instants and days as they come in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.register import Span
from nxforge_core.api import InvalidInputError

__all__ = ["parse_instant", "parse_span"]

_DAY: Final = timedelta(days=1)


def parse_instant(field: str, text: str, zone: ZoneInfo) -> datetime:
    """An instant, UTC; a date is its midnight, and without offset it is the zone's.

    Raises:
        InvalidInputError: it is neither a date nor an instant.
    """
    try:
        # A '+' that was not escaped arrives as a space.
        value = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        local = value if value.tzinfo else value.replace(tzinfo=zone)
        return local.astimezone(UTC)
    # The first and the last day of the calendar are beyond it in some zone.
    except (ValueError, OverflowError) as error:
        remedy = (
            "give a date such as 2025-03-31 or an instant such as 2025-03-31T06:00Z"
        )
        raise InvalidInputError(field=field, value=text, remedy=remedy) from error


def parse_span(
    low: str | None, high: str | None, now: datetime, zone: ZoneInfo
) -> Span:
    """The time that `from` and `to` of a query mean; by default the last day.

    Raises:
        InvalidInputError: one is no instant, or they are not in order.
    """
    end = now if high is None else parse_instant("to", high, zone)
    start = end - _DAY if low is None else parse_instant("from", low, zone)
    if end <= start:
        raise InvalidInputError(
            field="to",
            value=high or now.isoformat(),
            remedy="give an instant later than 'from'",
        )
    return Span(start, end)
