"""Energy between two instants, and how much of it is estimated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from operator import attrgetter

import msgspec

from nxforge_consumption_monitor.register import Point, Span, interpolated

__all__ = ["Energy", "EnergyBetween", "PeakBetween", "Profile", "Stretch"]

_ZERO = Decimal(0)
_instant = attrgetter("ts")


class Energy(msgspec.Struct, frozen=True):
    """What was used.

    Attributes:
        kwh: All of it.
        estimated_kwh: Of it, what lies within gaps: its total is metered, the time at
            which it was used is not.
    """

    kwh: Decimal = _ZERO
    estimated_kwh: Decimal = _ZERO

    def __add__(self, other: Energy) -> Energy:
        """Both together."""
        return Energy(self.kwh + other.kwh, self.estimated_kwh + other.estimated_kwh)


EnergyBetween = Callable[[datetime, datetime], Energy]
PeakBetween = Callable[[datetime, datetime], Decimal | None]


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a meter's time, as a rollup keeps it.

    Attributes:
        span: Its time.
        start_kwh: The unwrapped register where it begins.
        end_kwh: The same where it ends.
        estimated_kwh: Of their difference, what lies within gaps.
    """

    span: Span
    start_kwh: Decimal
    end_kwh: Decimal
    estimated_kwh: Decimal = _ZERO


class Profile:
    """The unwrapped register of one meter over a period.

    Between two known instants it goes on a straight line; before the first and after
    the last one it stands still, so nothing is invented there.

    Args:
        span: The period.
        hours: The stretches it consists of, in order, which tell what is estimated.
        wholes: Longer ones, such as days and months. Their ends are known better than
            a line through an hour says, where a zone is not whole hours from UTC.
    """

    def __init__(
        self, span: Span, hours: Sequence[Stretch], wholes: Iterable[Stretch] = ()
    ) -> None:
        known: dict[datetime, Decimal] = {}
        for each in (*wholes, *hours):
            known.setdefault(each.span.start, each.start_kwh)
            known.setdefault(each.span.end, each.end_kwh)
        self._register = _rising(known, span)
        self._estimated = list(_summed(hours))

    @property
    def is_known(self) -> bool:
        """Whether any register of the period is."""
        return bool(self._register)

    def between(self, start: datetime, end: datetime) -> Energy:
        """The energy of a part of the period; parts add up to it exactly."""
        kwh = _at(self._register, end) - _at(self._register, start)
        estimated = _at(self._estimated, end) - _at(self._estimated, start)
        return Energy(kwh, min(kwh, estimated))


def _rising(known: dict[datetime, Decimal], span: Span) -> list[Point]:
    """The registers in order.

    A row of a locked month is not rewritten and may lie beside one that was: of an
    hour that belongs to both, the period's own ends are right.
    """
    points = [Point(ts, known[ts]) for ts in sorted(known)]
    if not points:
        return []
    low = _at(points, span.start)
    high = max(low, _at(points, span.end))
    inside = [point for point in points if span.start < point.ts < span.end]
    rising = accumulate((point.total_kwh for point in inside), max, initial=low)
    instants = [span.start, *(point.ts for point in inside)]
    return [
        *(Point(ts, min(kwh, high)) for ts, kwh in zip(instants, rising, strict=True)),
        Point(span.end, high),
    ]


def _summed(hours: Iterable[Stretch]) -> Iterable[Point]:
    total = _ZERO
    for hour in hours:
        yield Point(hour.span.start, total)
        total += hour.estimated_kwh
        yield Point(hour.span.end, total)


def _at(points: Sequence[Point], at: datetime) -> Decimal:
    return interpolated(points, at) if points else _ZERO
