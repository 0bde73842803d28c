"""Hours, days, weeks, months and years as UTC instants.

Hours are those of UTC; all others begin at local midnight. A day has 23 or 25 hours
where the clocks change, and none where a zone skipped it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ._state import as_utc

__all__ = [
    "Grain",
    "LocalGrain",
    "Span",
    "local_day",
    "local_midnight",
    "span_at",
    "span_of",
    "spans_between",
]

Grain = Literal["hour", "day", "week", "month", "year"]
LocalGrain = Literal["day", "week", "month", "year"]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_DECEMBER = 12


class Span(msgspec.Struct, frozen=True):
    """A half-open period [start, end) of two UTC instants."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> Decimal:
        """Its length in hours: 743 for a March with a change of the clocks."""
        return Decimal((self.end - self.start) // _SECOND) / 3600


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day an instant belongs to in a zone.

    Raises:
        NaiveInstantError: `at` has no offset.
    """
    return as_utc("at", at).astimezone(zone).date()


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local calendar day begins, UTC.

    Where midnight comes twice it is the first one. Where the clocks jump over it, it
    is the jump.
    """
    wall = datetime.combine(day, time(), tzinfo=zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _jump_between(wall.replace(fold=1).astimezone(UTC), instant, zone)


def span_of(grain: LocalGrain, day: date, zone: ZoneInfo) -> Span:
    """The day, week, month or year that holds a calendar day.

    Args:
        grain: Weeks begin on Monday.
        day: Any day of the period.
        zone: Of the site.

    Returns:
        The span; of no length for a day that the zone skipped.
    """
    first, following = _days_of(grain, day)
    return Span(local_midnight(first, zone), local_midnight(following, zone))


def span_at(grain: Grain, at: datetime, zone: ZoneInfo) -> Span:
    """The hour, day, week, month or year that holds an instant.

    Args:
        grain: Weeks begin on Monday.
        at: An instant, with its offset.
        zone: Of the site; hours do not depend on it.

    Raises:
        NaiveInstantError: `at` has no offset.
    """
    if grain == "hour":
        start = as_utc("at", at).replace(minute=0, second=0, microsecond=0)
        return Span(start, start + _HOUR)
    day = local_day(at, zone)
    span = span_of(grain, day, zone)
    # where the clocks went back over midnight, the day that has begun goes on
    return span if at < span.end else span_of(grain, _days_of(grain, day)[1], zone)


def spans_between(
    grain: Grain, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Span]:
    """All periods of a grain that share time with [start, end), in order.

    They follow each other without a hole. A day that the zone skipped has no time and
    is left out.
    """
    at = start
    while at < end:
        span = span_at(grain, at, zone)
        yield span
        at = span.end


def _days_of(grain: LocalGrain, day: date) -> tuple[date, date]:
    if grain == "day":
        return day, day + _DAY
    if grain == "week":
        monday = day - day.weekday() * _DAY
        return monday, monday + 7 * _DAY
    if grain == "year" or day.month == _DECEMBER:
        first = day.replace(day=1) if grain == "month" else date(day.year, 1, 1)
        return first, date(day.year + 1, 1, 1)
    return day.replace(day=1), date(day.year, day.month + 1, 1)


def _jump_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The change of offset after `low` and not after `high`, to the second."""
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
