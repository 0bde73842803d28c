"""The unwrapped register at any instant, from the two good readings around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from operator import attrgetter
from typing import Literal

import msgspec

from ._state import as_utc
from ._step import Point

__all__ = [
    "Boundary",
    "Cadence",
    "Quality",
    "boundary_between",
    "interpolated",
    "mean_kw",
    "register_at",
    "trailing_mean_kw",
]

Quality = Literal["measured", "manual", "estimated", "forward_estimate", "mixed"]
Reason = Literal[
    "", "interpolated_gap", "no_earlier_reading", "no_later_reading", "trailing_mean"
]

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_PER_HOUR = 3_600_000_000
_LEAST_TOLERANCE = timedelta(minutes=15)
_WEEK = timedelta(days=7)
_instant = attrgetter("ts")
_SIX_PLACES = Decimal("0.000001")
# a register of 20 digits times the microseconds of a year still is exact: the only
# rounding is the last one
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)


class Cadence(msgspec.Struct, frozen=True):
    """How often an endpoint is read, and what counts as a gap.

    Attributes:
        interval: Time between two readings when all goes well.
        gap_after: Two good readings further apart than this have a gap between them;
            None for 2.5 intervals.
    """

    interval: timedelta = timedelta(seconds=300)
    gap_after: timedelta | None = None

    @property
    def tolerance(self) -> timedelta:
        """How far both readings may be from an instant that still is measured."""
        return max(_LEAST_TOLERANCE, self.interval * 1.5)

    @property
    def longest(self) -> timedelta:
        """The longest time between two good readings that is not a gap."""
        return self.interval * 2.5 if self.gap_after is None else self.gap_after


class Boundary(msgspec.Struct, frozen=True, kw_only=True):
    """The unwrapped register at one instant.

    Attributes:
        ts: The instant it is true for: the one asked for, or the nearest reading where
            there is nothing on one side.
        total_kwh: U, kWh. The reading's own digits where there is one at the instant,
            else rounded to 6 decimals, half to even.
        quality: `measured`, `manual`, `estimated` or `forward_estimate`.
        reason: Why it is not simply measured, in one word; else empty.
    """

    ts: datetime
    total_kwh: Decimal
    quality: Quality
    reason: Reason = ""


def register_at(
    points: Sequence[Point],
    at: datetime,
    cadence: Cadence,
    *,
    trailing_kw: Decimal | None = None,
) -> Boundary | None:
    """U at an instant.

    Args:
        points: Good readings in order of time; at least the neighbours of `at`.
        at: The instant, with its offset.
        cadence: Of the endpoint; says how near a neighbour must be.
        trailing_kw: Mean load to go on with after the last reading, kW; None for no
            estimate.

    Returns:
        The boundary, or None without any point. Before the first reading it is the
        first reading; after the last one, without `trailing_kw`, the last one.

    Raises:
        NaiveInstantError: `at` has no offset.
    """
    if not points:
        return None
    at = as_utc("at", at)
    index = bisect_right(points, at, key=_instant)
    if index == 0:
        return _of_point(points[0], "no_earlier_reading")
    before = points[index - 1]
    if before.ts == at:
        return _of_point(before)
    if index < len(points):
        return boundary_between(before, points[index], at, cadence.tolerance)
    if trailing_kw is None:
        return _of_point(before, "no_later_reading")
    return _forward(before, at, trailing_kw)


def interpolated(points: Sequence[Point], at: datetime) -> Decimal:
    """U at an instant, kWh, on straight lines through points that are in order.

    Before the first point it is that of the first one, after the last one that of the
    last one. There is at least one point.
    """
    index = bisect_right(points, at, key=_instant)
    if index in {0, len(points)} or points[index - 1].ts == at:
        return points[max(index - 1, 0)].total_kwh
    return interpolate(points[index - 1], points[index], at)


def trailing_mean_kw(points: Sequence[Point]) -> Decimal | None:
    """Mean load of the seven days before the last reading, kW.

    Args:
        points: Good readings in order of time. With less than seven days of them the
            mean is of what there is.

    Returns:
        kW, or None if fewer than two instants are known.
    """
    if not points:
        return None
    last = points[-1]
    index = max(bisect_right(points, last.ts - _WEEK, key=_instant) - 1, 0)
    first = points[index]
    if first.ts == last.ts:
        return None
    start, begin = max(first.ts, last.ts - _WEEK), first.total_kwh
    if start != first.ts:
        begin = interpolate(first, points[index + 1], start)
    return mean_kw(last.total_kwh - begin, last.ts - start)


def mean_kw(energy_kwh: Decimal, elapsed: timedelta) -> Decimal:
    """The steady load, kW, that gives this energy in this time."""
    scaled = _WIDE.multiply(energy_kwh, Decimal(_MICROSECONDS_PER_HOUR))
    return scaled / Decimal(elapsed // _MICROSECOND)


def interpolate(before: Point, after: Point, at: datetime) -> Decimal:
    """U on the straight line between two points, kWh, rounded to 6 decimals."""
    rise = _WIDE.subtract(after.total_kwh, before.total_kwh)
    part = _WIDE.multiply(rise, Decimal((at - before.ts) // _MICROSECOND))
    added = _WIDE.divide(part, Decimal((after.ts - before.ts) // _MICROSECOND))
    exact = _WIDE.add(before.total_kwh, added)
    rounded = exact.quantize(_SIX_PLACES, context=_WIDE)
    # registers with 7 and 8 decimals exist: rounding must not leave their interval,
    # or the total would fall
    return min(max(rounded, before.total_kwh), after.total_kwh)


def boundary_between(
    before: Point, after: Point, at: datetime, tolerance: timedelta
) -> Boundary:
    """U at an instant, UTC, that lies between two good readings.

    Args:
        before: The reading before it.
        after: The reading after it; no other one is between them.
        at: The instant.
        tolerance: How far both may be from it for a measured boundary.
    """
    total = interpolate(before, after, at)
    if max(at - before.ts, after.ts - at) > tolerance:
        return Boundary(
            ts=at, total_kwh=total, quality="estimated", reason="interpolated_gap"
        )
    is_manual = "manual" in {before.quality, after.quality}
    return Boundary(
        ts=at, total_kwh=total, quality="manual" if is_manual else "measured"
    )


def _forward(last: Point, at: datetime, trailing_kw: Decimal) -> Boundary:
    energy = _WIDE.multiply(trailing_kw, Decimal((at - last.ts) // _MICROSECOND))
    added = _WIDE.divide(energy, Decimal(_MICROSECONDS_PER_HOUR))
    total = _WIDE.add(last.total_kwh, added).quantize(_SIX_PLACES, context=_WIDE)
    return Boundary(
        ts=at,
        total_kwh=max(total, last.total_kwh),
        quality="forward_estimate",
        reason="trailing_mean",
    )


def _of_point(point: Point, reason: Reason = "") -> Boundary:
    return Boundary(
        ts=point.ts, total_kwh=point.total_kwh, quality=point.quality, reason=reason
    )
