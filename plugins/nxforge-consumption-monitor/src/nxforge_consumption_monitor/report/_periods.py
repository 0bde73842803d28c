"""Energy of many periods at once: each from the readings around its two ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.register import (
    Boundary,
    Cadence,
    Period,
    Point,
    Span,
    period,
    register_at,
)
from nxforge_consumption_monitor.store import Neighbours, neighbours
from nxforge_core.api import Connection

__all__ = ["PeriodOf", "boundaries", "known_share", "periods"]

_SIX_PLACES: Final = Decimal("0.000001")


class PeriodOf(msgspec.Struct, frozen=True):
    """A period of an endpoint that is read every `interval_s` seconds."""

    endpoint_id: str
    interval_s: int
    span: Span


async def periods(connection: Connection, wanted: Sequence[PeriodOf]) -> list[Period]:
    """The energy of each wanted period, in the order asked.

    After the last reading nothing is estimated: such a period ends there.
    """
    ends = [(each.endpoint_id, each.span.start) for each in wanted]
    ends += [(each.endpoint_id, each.span.end) for each in wanted]
    found = await neighbours(connection, ends)
    starts, stops = found[: len(wanted)], found[len(wanted) :]
    return [
        period(
            _points(start, stop),
            each.span.start,
            each.span.end,
            _cadence(each.interval_s),
        )
        for each, start, stop in zip(wanted, starts, stops, strict=True)
    ]


async def boundaries(
    connection: Connection, wanted: Sequence[tuple[str, datetime, int]]
) -> list[Boundary | None]:
    """The register at each (endpoint, instant, interval in seconds), in that order."""
    found = await neighbours(connection, [(who, at) for who, at, _ in wanted])
    return [
        register_at(_points(around), at, _cadence(interval_s))
        for (_, at, interval_s), around in zip(wanted, found, strict=True)
    ]


def known_share(span: Span, found: Period) -> Decimal:
    """Share of a period's time that lies between its two known registers, 0 to 1."""
    if found.since is None or found.until is None or span.end <= span.start:
        return Decimal(0)
    share = Decimal((found.until - found.since) / (span.end - span.start))
    return share.quantize(_SIX_PLACES)


def _points(*around: Neighbours) -> list[Point]:
    pairs = [(each.before_ts, each.before_kwh) for each in around]
    pairs += [(each.after_ts, each.after_kwh) for each in around]
    known = {ts: kwh for ts, kwh in pairs if ts is not None and kwh is not None}
    return [Point(ts, known[ts]) for ts in sorted(known)]


def _cadence(interval_s: int) -> Cadence:
    return Cadence(timedelta(seconds=interval_s))
