"""The energy of a period: the difference of the register at its two ends.

Neighbouring periods read the same register at the instant they share, so the parts of
any partition add up to the whole to the last digit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter

import msgspec

from ._boundary import Boundary, Cadence, Quality, mean_kw, register_at
from ._state import as_utc
from ._step import Point

__all__ = ["Period", "period"]

_MICROSECOND = timedelta(microseconds=1)
_SIX_PLACES = Decimal("0.000001")
_instant = attrgetter("ts")


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """The energy of [start, end), and how well it is known.

    Attributes:
        energy_kwh: U at `until` less U at `since`; None where nothing is known, which
            is not zero.
        estimated_kwh: The part of it that lies in a gap reaching beyond the period, or
            after the last reading. A gap that lies inside the period is not estimated:
            its total is measured, only its distribution is not.
        start_register: U at `since`, kWh; None where nothing is known.
        end_register: U at `until`, kWh; None where nothing is known.
        start_quality: Quality of the start register.
        end_quality: Quality of the end register.
        since: Where the energy begins: `start`, or the first reading if that is later.
        until: Where it ends: `end`, or the last reading if that is earlier and nothing
            was estimated.
        coverage: Share of the period's time, 0 to 1, 6 decimals, that lies between
            good readings without a gap.
    """

    energy_kwh: Decimal | None
    estimated_kwh: Decimal
    start_register: Decimal | None
    end_register: Decimal | None
    start_quality: Quality | None
    end_quality: Quality | None
    since: datetime | None
    until: datetime | None
    coverage: Decimal

    @property
    def quality(self) -> Quality | None:
        """Quality of the whole: that of both ends, or `mixed`."""
        if self.start_quality == self.end_quality:
            return self.start_quality
        return "mixed"

    @property
    def mean_kw(self) -> Decimal | None:
        """Energy over the time it was counted in, kW; None where nothing is known."""
        if self.energy_kwh is None or self.since is None or self.until is None:
            return None
        if self.since == self.until:
            return None
        return mean_kw(self.energy_kwh, self.until - self.since)


def period(
    points: Sequence[Point],
    start: datetime,
    end: datetime,
    cadence: Cadence,
    *,
    trailing_kw: Decimal | None = None,
) -> Period:
    """Energy, registers and coverage of [start, end).

    Args:
        points: Good readings in order of time, including the nearest one on each side
            of the period where there is one.
        start: First instant, with its offset.
        end: First instant after it.
        cadence: Of the endpoint.
        trailing_kw: Mean load to estimate with after the last reading, kW; None to end
            the period at the last reading.

    Returns:
        The period. Its energy is None if no time of it lies between two known
        registers; a period of no length has no energy: 0.
    """
    start, end = as_utc("start", start), as_utc("end", end)
    first = register_at(points, start, cadence, trailing_kw=trailing_kw)
    last = register_at(points, end, cadence, trailing_kw=trailing_kw)
    if first is None or last is None or (first.ts >= last.ts and start != end):
        return _UNKNOWN
    return Period(
        energy_kwh=last.total_kwh - first.total_kwh,
        estimated_kwh=_estimated(points, first, last, cadence),
        start_register=first.total_kwh,
        end_register=last.total_kwh,
        start_quality=first.quality,
        end_quality=last.quality,
        since=first.ts,
        until=last.ts,
        coverage=_coverage(points, start, end, cadence),
    )


_UNKNOWN = Period(
    energy_kwh=None,
    estimated_kwh=Decimal(0),
    start_register=None,
    end_register=None,
    start_quality=None,
    end_quality=None,
    since=None,
    until=None,
    coverage=Decimal(0),
)


def _estimated(
    points: Sequence[Point], first: Boundary, last: Boundary, cadence: Cadence
) -> Decimal:
    estimated = Decimal(0)
    # only the gaps that hold an end of the period can reach beyond it
    left = _gap_around(points, first.ts, cadence)
    right = _gap_around(points, last.ts, cadence)
    if left is not None:
        estimated += min(left[1].total_kwh, last.total_kwh) - first.total_kwh
    if right is not None and right != left:
        estimated += last.total_kwh - max(right[0].total_kwh, first.total_kwh)
    if last.ts > points[-1].ts:
        estimated += last.total_kwh - max(points[-1].total_kwh, first.total_kwh)
    return estimated


def _gap_around(
    points: Sequence[Point], at: datetime, cadence: Cadence
) -> tuple[Point, Point] | None:
    index = bisect_right(points, at, key=_instant)
    if index in {0, len(points)} or points[index - 1].ts == at:
        return None
    before, after = points[index - 1], points[index]
    return (before, after) if after.ts - before.ts > cadence.longest else None


def _coverage(
    points: Sequence[Point], start: datetime, end: datetime, cadence: Cadence
) -> Decimal:
    if start >= end:
        return Decimal(0)
    low = max(bisect_right(points, start, key=_instant) - 1, 0)
    high = bisect_right(points, end, key=_instant) + 1
    covered = sum(
        (
            min(after.ts, end) - max(before.ts, start)
            for before, after in pairwise(points[low:high])
            if after.ts - before.ts <= cadence.longest
            and after.ts > start
            and before.ts < end
        ),
        timedelta(),
    )
    share = Decimal(covered // _MICROSECOND) / ((end - start) // _MICROSECOND)
    return share.quantize(_SIX_PLACES)
