"""A period cut at the breaks of a register: what an invoice shows as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

import msgspec

from nxforge_consumption_monitor.models import plain
from nxforge_consumption_monitor.register import Point, interpolated
from nxforge_consumption_monitor.store import StoredMeter, list_meters
from nxforge_consumption_monitor.store.books import (
    Around,
    Break,
    breaks_between,
    readings_around,
)
from nxforge_core.api import Connection

from ._views import SegmentView

__all__ = ["segments_of"]


class _Cut(msgspec.Struct, frozen=True, kw_only=True):
    """An end of a segment: the total there, and the register on both sides."""

    at: datetime
    total: Decimal | None
    old_register: Decimal | None
    new_register: Decimal | None
    type: str | None = None


async def segments_of(
    connection: Connection,
    endpoint_id: str,
    channel: str,
    period: tuple[datetime, datetime],
    multiplier: Decimal,
) -> list[SegmentView]:
    """Cut a period of a channel at its breaks; nothing where nothing is known.

    Args:
        connection: Any.
        endpoint_id: Of the endpoint.
        channel: Of it.
        period: Start and end, half-open.
        multiplier: Of the endpoint, for meters that have none of their own.
    """
    start, end = period
    meters = [
        each
        for each in await list_meters(connection, endpoint_id)
        if each.channel == channel
    ]
    cuts = [await _bound(connection, endpoint_id, channel, start)]
    for each in await breaks_between(connection, endpoint_id, channel, start, end):
        around = await readings_around(connection, endpoint_id, channel, each.ts)
        cuts.append(_cut(each, around, _meter(meters, each.ts), multiplier))
    cuts.append(await _bound(connection, endpoint_id, channel, end))
    return [
        view
        for first, last in pairwise(cuts)
        if (view := _segment(channel, first, last, meters, multiplier)) is not None
    ]


async def _bound(
    connection: Connection, endpoint_id: str, channel: str, at: datetime
) -> _Cut:
    """The register at an end of the period, on the line between two readings."""
    around = await readings_around(connection, endpoint_id, channel, at)
    total = _between(around, around.before_total, around.after_total, at)
    register = _between(around, around.before_register, around.after_register, at)
    return _Cut(at=at, total=total, old_register=register, new_register=register)


def _between(
    around: Around, before: Decimal | None, after: Decimal | None, at: datetime
) -> Decimal | None:
    if around.after_ts == at or around.before_ts is None or before is None:
        return after
    if around.after_ts is None or after is None or after < before:
        return before
    points = [Point(around.before_ts, before), Point(around.after_ts, after)]
    return interpolated(points, at)


def _cut(
    found: Break, around: Around, meter: StoredMeter | None, multiplier: Decimal
) -> _Cut:
    total, ratio = around.before_total, multiplier
    if meter is not None and meter.multiplier is not None:
        ratio = meter.multiplier
    old, before = found.old_kwh, around.before_register
    if total is not None and old is not None and before is not None:
        total += max((old - before) * ratio, Decimal(0))
    return _Cut(
        at=found.ts,
        total=total,
        old_register=before if old is None else old,
        new_register=around.after_register if found.new_kwh is None else found.new_kwh,
        type=found.type,
    )


def _segment(
    channel: str,
    first: _Cut,
    last: _Cut,
    meters: Sequence[StoredMeter],
    multiplier: Decimal,
) -> SegmentView | None:
    if first.total is None or last.total is None:
        return None
    meter = _meter(meters, last.at)
    own = None if meter is None else meter.multiplier
    return SegmentView(
        channel=channel,
        start=first.at,
        end=last.at,
        serial="" if meter is None else meter.serial,
        multiplier=own or multiplier,
        start_register=first.new_register,
        end_register=last.old_register,
        energy_kwh=plain(last.total - first.total),
        ended_by=last.type,
    )


def _meter(meters: Sequence[StoredMeter], at: datetime) -> StoredMeter | None:
    """The meter that was there just before an instant."""
    for each in meters:
        is_there = each.installed_at is None or each.installed_at < at
        if is_there and (each.removed_at is None or at <= each.removed_at):
            return each
    return None
