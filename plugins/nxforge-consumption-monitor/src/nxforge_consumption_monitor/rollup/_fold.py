"""Hours, days and months as a fold over the good readings of a channel.

The same function takes the reading of a poll and, in a restatement, years of stored
ones: so what a poll wrote and what is computed again are equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.register import Cadence, Point

from ._bucket import (
    Bucket,
    Mark,
    PointQuality,
    Quarter,
    Rollup,
    RollupGrain,
    microseconds,
)
from ._segment import Segment

__all__ = ["GoodPoint", "Plan", "RollupState", "advance", "fold", "open_rollups"]

_GRAINS: Final[tuple[RollupGrain, ...]] = ("hour", "day", "month")
_HOUR_US: Final = Decimal(3_600_000_000)
_EIGHT_PLACES: Final = Decimal("0.00000001")


class Plan(msgspec.Struct, frozen=True):
    """In which zone days begin, and what counts as a gap."""

    zone: ZoneInfo
    cadence: Cadence

    @property
    def interval_us(self) -> int:
        """The interval as a whole number."""
        return microseconds(self.cadence.interval)


class GoodPoint(msgspec.Struct, frozen=True, gc=False):
    """A good reading, or the total at a meter event.

    Attributes:
        total_kwh: U; None of a device that only tells its power.
        power_kw: The power sample of the same answer.
        events: Breaks of the register at this instant.
    """

    ts: datetime
    total_kwh: Decimal | None
    quality: PointQuality = "measured"
    power_kw: Decimal | None = None
    events: int = 0


class RollupState(msgspec.Struct, kw_only=True, array_like=True):
    """What has to be remembered between two points of a channel.

    The view `open_rollup` knows its fields by their places.

    Attributes:
        ts: Of the last point.
        total_kwh: U there; without a register the integral of power.
        by_power: The device only tells its power.
        buckets: The open hour, day and month.
        tz: The plan's zone, for who reads the buckets without it.
        interval_us: The plan's interval, for the same reason.
    """

    ts: datetime
    total_kwh: Decimal
    quality: PointQuality
    power_kw: Decimal | None
    by_power: bool
    buckets: list[Bucket]
    quarter: Quarter
    tz: str
    interval_us: int


def advance(
    state: RollupState | None, point: GoodPoint, plan: Plan
) -> tuple[RollupState, list[Rollup]]:
    """Go on to the next good point.

    Args:
        state: What the last call returned, which it changes; None at the beginning.
        point: Later than all before it; one that is not changes nothing.
        plan: Of the endpoint.

    Returns:
        The state, and the hours, days and months that the point closed. The open ones
        are those of `open_rollups`.
    """
    if state is None or state.by_power != (point.total_kwh is None):
        return _begin(point, plan), []
    if point.ts <= state.ts:
        return state, []
    segment = _segment(state, point, plan)
    closed = [
        bucket.rollup(mark, plan.cadence.interval, by_power=state.by_power)
        for bucket, mark in segment.walk(state.buckets, plan.zone)
    ]
    state.quarter = segment.quarter
    state.ts, state.total_kwh = point.ts, segment.after.total_kwh
    state.quality, state.power_kw = point.quality, point.power_kw
    state.tz, state.interval_us = plan.zone.key, plan.interval_us
    for bucket in state.buckets:
        bucket.note(point.power_kw, point.events)
    return state, closed


def fold(
    points: Iterable[GoodPoint], plan: Plan, state: RollupState | None = None
) -> tuple[RollupState | None, list[Rollup]]:
    """All points in order of time: the state after them, and the rows they closed."""
    rows: list[Rollup] = []
    for point in points:
        state, closed = advance(state, point, plan)
        rows += closed
    return state, rows


def open_rollups(state: RollupState, plan: Plan) -> list[Rollup]:
    """The hour, the day and the month that have begun, up to the last point."""
    mark = Mark(state.ts, state.total_kwh, state.quality)
    return [
        bucket.rollup(
            mark, plan.cadence.interval, by_power=state.by_power, closed=False
        )
        for bucket in state.buckets
    ]


def _begin(point: GoodPoint, plan: Plan) -> RollupState:
    total = Decimal(0) if point.total_kwh is None else point.total_kwh
    mark = Mark(point.ts, total, point.quality)
    buckets = [Bucket.at(grain, mark, plan.zone) for grain in _GRAINS]
    for bucket in buckets:
        bucket.note(point.power_kw, point.events)
    return RollupState(
        ts=point.ts,
        total_kwh=total,
        quality=point.quality,
        power_kw=point.power_kw,
        by_power=point.total_kwh is None,
        buckets=buckets,
        quarter=Quarter.at(point.ts, total),
        tz=plan.zone.key,
        interval_us=plan.interval_us,
    )


def _segment(state: RollupState, point: GoodPoint, plan: Plan) -> Segment:
    is_gap = point.ts - state.ts > plan.cadence.longest
    total = _total(state, point, is_gap=is_gap)
    return Segment(
        before=Point(state.ts, state.total_kwh, state.quality),
        after=Point(point.ts, total, point.quality),
        cadence=plan.cadence,
        is_gap=is_gap,
        quarter=state.quarter,
    )


def _total(state: RollupState, point: GoodPoint, *, is_gap: bool) -> Decimal:
    if point.total_kwh is not None:
        return point.total_kwh
    if is_gap or state.power_kw is None or point.power_kw is None:
        return state.total_kwh
    # What a device feeds in is no consumption.
    both = max(state.power_kw, Decimal(0)) + max(point.power_kw, Decimal(0))
    energy = both * microseconds(point.ts - state.ts) / (2 * _HOUR_US)
    return (state.total_kwh + energy).quantize(_EIGHT_PLACES)
