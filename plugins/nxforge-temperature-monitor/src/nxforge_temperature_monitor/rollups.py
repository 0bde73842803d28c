"""Minimum, maximum and mean of a time, from those of shorter ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

__all__ = ["Rollup", "Span", "Totals", "merge", "quarter_of"]

Span = Literal["quarter", "hour", "day"]

_PLACES: Final = Decimal("0.001")
_QUARTER_MINUTES: Final = 15


class Totals(msgspec.Struct, frozen=True):
    """What is kept of some readings: enough to put them together with others."""

    low: Decimal
    high: Decimal
    total: Decimal
    count: int

    @classmethod
    def of(cls, celsius: Decimal) -> Totals:
        """Of one reading."""
        return cls(celsius, celsius, celsius, 1)

    def plus(self, other: Totals) -> Totals:
        """Both together."""
        return Totals(
            min(self.low, other.low),
            max(self.high, other.high),
            self.total + other.total,
            self.count + other.count,
        )

    @property
    def mean(self) -> Decimal:
        """To the thousandth, as readings are."""
        return (self.total / self.count).quantize(_PLACES)


class Rollup(msgspec.Struct, frozen=True):
    """A time of one sensor, and what is known of it."""

    sensor: str
    start: datetime
    totals: Totals


def quarter_of(at: datetime) -> datetime:
    """The beginning of the quarter of an hour that an instant is in."""
    utc = at.astimezone(UTC)
    minute = utc.minute - utc.minute % _QUARTER_MINUTES
    return utc.replace(minute=minute, second=0, microsecond=0)


def merge(quarters: Iterable[Rollup], span: Span, zone: ZoneInfo) -> list[Rollup]:
    """Hours or days of a zone; a day that is longer or shorter has all its hours.

    Args:
        quarters: Those of one sensor after those of another, in order.
        span: What is wanted.
        zone: Where hours and days begin.
    """
    found: dict[tuple[str, datetime], Totals] = {}
    for one in quarters:
        key = one.sensor, _start(one.start, span, zone)
        known = found.get(key)
        found[key] = one.totals if known is None else known.plus(one.totals)
    return [Rollup(sensor, start, totals) for (sensor, start), totals in found.items()]


def _start(at: datetime, span: Span, zone: ZoneInfo) -> datetime:
    if span == "quarter":
        return at
    local = at.astimezone(zone)
    if span == "hour":
        # By what has passed of it: the hour that comes twice is two hours.
        return at - timedelta(minutes=local.minute)
    return datetime(local.year, local.month, local.day, tzinfo=zone).astimezone(UTC)
