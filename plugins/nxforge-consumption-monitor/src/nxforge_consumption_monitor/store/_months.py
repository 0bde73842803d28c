"""What reports add up: stored months and hours, locks and adjustments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.models import GroupMove
from nxforge_core.api import Connection

from ._statements import SQL, as_json

__all__ = [
    "BookedAdjustment",
    "Bounds",
    "ChannelEnd",
    "Member",
    "MonthEnd",
    "MonthRollup",
    "ReadingEnds",
    "ReportGroup",
    "channel_ends",
    "group_members",
    "group_moves",
    "hour_counts",
    "locked_in_month",
    "month_adjustments",
    "month_rollups",
    "months_at",
    "reading_ends",
    "report_group",
    "report_groups",
]


class Bounds(msgspec.Struct, frozen=True):
    """An endpoint's part of time, [low, high)."""

    endpoint_id: str
    low: datetime
    high: datetime


class MonthRollup(msgspec.Struct, frozen=True, kw_only=True):
    """A stored month of a channel."""

    endpoint_id: str
    channel: str
    start_ts: datetime
    end_ts: datetime
    energy_kwh: Decimal | None = None
    estimated_kwh: Decimal | None = None
    start_register: Decimal | None = None
    end_register: Decimal | None = None
    start_quality: str | None = None
    end_quality: str | None = None
    avg_kw: Decimal | None = None
    peak_kw_15m: Decimal | None = None
    peak_at: datetime | None = None
    peak_kw_sample: Decimal | None = None
    min_kw: Decimal | None = None
    readings: int
    expected: int
    coverage: Decimal
    events: int
    closed: bool
    revision: int


class ChannelEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The last good reading of a channel, and its total about a week before."""

    endpoint_id: str
    channel: str
    ts: datetime
    total_kwh: Decimal
    week_ts: datetime
    week_kwh: Decimal


class ReadingEnds(msgspec.Struct, frozen=True, kw_only=True):
    """The first and the last good reading of a period that are still kept."""

    endpoint_id: str
    first_ts: datetime | None
    last_ts: datetime | None


class BookedAdjustment(msgspec.Struct, frozen=True, kw_only=True):
    """What a correction of a locked month adds to a later one."""

    endpoint_id: str
    channel: str
    month: date
    energy_kwh: Decimal


class ReportGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A rack or a client."""

    id: str
    name: str
    kind: str
    tz: str


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint of a group; archived ones too."""

    id: str
    name: str
    client_name: str | None
    location: str | None
    external_ref: str | None
    enabled: bool
    interval_s: int
    tz: str
    created_at: datetime
    archived_at: datetime | None
    multiplier: Decimal = Decimal(1)
    modulus_kwh: Decimal | None = None
    certified: bool = False


class MonthEnd(msgspec.Struct, frozen=True):
    """A month: its first day, and the instant at which it ends in a group's zone."""

    first: date
    end: datetime


async def month_rollups(
    connection: Connection, bounds: Sequence[Bounds], grain: str = "month"
) -> list[MonthRollup]:
    """Stored months that begin within the bounds, the main channel first.

    So are hours and days where they are asked for.
    """
    return await connection.structs(
        MonthRollup, SQL.month_rollups, as_json(bounds), grain
    )


async def months_at(
    connection: Connection, ids: Sequence[str], starts: Sequence[datetime]
) -> list[MonthRollup]:
    """Stored months that begin at one of the instants, the main channel first.

    Of many endpoints they are found in half the time of bounds for each.
    """
    return await connection.structs(MonthRollup, SQL.months_at, ids, starts)


async def reading_ends(
    connection: Connection, bounds: Sequence[Bounds]
) -> dict[str, ReadingEnds]:
    """First and last reading by endpoint id, one entry for each of the bounds."""
    rows = await connection.structs(ReadingEnds, SQL.reading_ends, as_json(bounds))
    return {row.endpoint_id: row for row in rows}


async def channel_ends(
    connection: Connection, ids: Sequence[str]
) -> dict[tuple[str, str], ChannelEnd]:
    """Where channels have come to, by endpoint and channel, if a week can be told."""
    rows = await connection.structs(ChannelEnd, SQL.channel_ends, ids)
    return {(row.endpoint_id, row.channel): row for row in rows}


async def hour_counts(
    connection: Connection, bounds: Sequence[Bounds]
) -> dict[str, int]:
    """Readings of the hours that begin within the bounds, by endpoint id."""
    rows = await connection.fetch(SQL.hour_counts, as_json(bounds))
    return {row["endpoint_id"]: row["readings"] for row in rows}


async def month_adjustments(
    connection: Connection, ids: Sequence[str], month: date
) -> list[BookedAdjustment]:
    """What is booked into a month."""
    return await connection.structs(BookedAdjustment, SQL.month_adjustments, ids, month)


async def locked_in_month(
    connection: Connection, ids: Sequence[str], month: date
) -> set[str]:
    """Which of the endpoints have the month locked."""
    rows = await connection.fetch(SQL.locked_in_month, ids, month)
    return {row["endpoint_id"] for row in rows}


async def report_group(connection: Connection, group_id: str) -> ReportGroup | None:
    """The group with the id."""
    found = await connection.structs(ReportGroup, SQL.report_group, group_id)
    return found[0] if found else None


async def report_groups(connection: Connection) -> list[ReportGroup]:
    """All groups by name."""
    return await connection.structs(ReportGroup, SQL.report_groups)


async def group_members(
    connection: Connection,
    group_id: str | None,
    *,
    endpoint_id: str | None = None,
    month: MonthEnd | None = None,
) -> list[Member]:
    """The endpoints of a group, or all of them, by name; or the one with the id.

    Args:
        connection: Any.
        group_id: Of the group; None: all endpoints.
        endpoint_id: Only this one.
        month: Those who belonged to the group at its end; None: who belongs now.
    """
    first, end = (month.first, month.end) if month else (None, None)
    return await connection.structs(
        Member, SQL.group_members, group_id, endpoint_id, first, end
    )


async def group_moves(
    connection: Connection, group_id: str, start: datetime, end: datetime
) -> list[GroupMove]:
    """Who joined or left a group in [start, end), in order of time."""
    return await connection.structs(GroupMove, SQL.group_moves, group_id, start, end)
