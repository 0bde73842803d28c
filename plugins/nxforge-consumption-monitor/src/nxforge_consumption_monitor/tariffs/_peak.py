"""The highest quarter of an hour of one meter, or of several together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from nxforge_consumption_monitor.register import Cadence, Point, Span, interpolated
from nxforge_consumption_monitor.store import Neighbours, neighbours
from nxforge_core.api import Connection

from ._member import Member

__all__ = ["peak_of"]

_QUARTER: Final = timedelta(minutes=15)
_QUARTERS: Final = 4
_AT_ONCE: Final = 24


async def peak_of(
    connection: Connection, members: Sequence[Member], span: Span
) -> Decimal | None:
    """The 15-minute peak of the members' sum, kW.

    Peaks of several meters do not add up: they fall into different quarters. So hours
    are looked at in the order of what their sum could reach at the most, until no
    other hour can be higher. An hour counts if all members are known in it.
    """
    metered = [each for each in members if each.profile.is_known]
    bounds = _bounds(metered, span)
    if len(metered) <= 1:
        return max(bounds.values(), default=None)
    hours = sorted(bounds, key=bounds.__getitem__, reverse=True)
    best: Decimal | None = None
    for first in range(0, len(hours), _AT_ONCE):
        if best is not None and best >= bounds[hours[first]]:
            break
        some = hours[first : first + _AT_ONCE]
        found = await _sums(connection, metered, some)
        best = max((kw for kw in (best, *found) if kw is not None), default=None)
    return best


def _bounds(members: Sequence[Member], span: Span) -> dict[datetime, Decimal]:
    """What the sum could reach in each hour, where all members are known."""
    peaks: list[Mapping[datetime, Decimal]] = [
        {
            hour.start_ts: hour.peak_kw_15m
            for hour in each.hours
            if hour.peak_kw_15m is not None
            and hour.peak_at is not None
            and span.start <= hour.peak_at < span.end
        }
        for each in members
    ]
    if not peaks:
        return {}
    shared = set(peaks[0]).intersection(*peaks[1:])
    return {at: sum((each[at] for each in peaks), Decimal(0)) for at in shared}


async def _sums(
    connection: Connection, members: Sequence[Member], hours: Sequence[datetime]
) -> list[Decimal | None]:
    """The means of all quarters of hours, of all members together."""
    edges = [
        hour + _QUARTER * quarter for hour in hours for quarter in range(_QUARTERS + 1)
    ]
    wanted = [(each.endpoint.id, edge) for each in members for edge in edges]
    found = await neighbours(connection, wanted)
    registers = [
        _register(around, edge, members[index // len(edges)])
        for index, (around, (_, edge)) in enumerate(zip(found, wanted, strict=True))
    ]
    rows = [
        registers[first : first + len(edges)]
        for first in range(0, len(registers), len(edges))
    ]
    totals = [_total(column) for column in zip(*rows, strict=True)]
    return [
        None if start is None or end is None else (end - start) * _QUARTERS
        for index, (start, end) in enumerate(pairwise(totals))
        # from one hour to another one is no quarter
        if (index + 1) % (_QUARTERS + 1)
    ]


def _total(registers: Iterable[Decimal | None]) -> Decimal | None:
    known = list(registers)
    present = [kwh for kwh in known if kwh is not None]
    return sum(present, Decimal(0)) if len(present) == len(known) else None


def _register(around: Neighbours, at: datetime, member: Member) -> Decimal | None:
    """The register at an instant; None within a gap."""
    if around.before_ts == at:
        return around.before_kwh
    if (
        around.before_ts is None
        or around.before_kwh is None
        or around.after_ts is None
        or around.after_kwh is None
        or around.after_ts - around.before_ts > _longest(member)
    ):
        return None
    points = [
        Point(around.before_ts, around.before_kwh),
        Point(around.after_ts, around.after_kwh),
    ]
    return interpolated(points, at)


def _longest(member: Member) -> timedelta:
    seconds = member.endpoint.gap_after_s
    gap_after = None if seconds is None else timedelta(seconds=seconds)
    interval = timedelta(seconds=member.endpoint.interval_s)
    return Cadence(interval, gap_after).longest
