"""Events of meters, as people see and decide them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.register import Point
from nxforge_consumption_monitor.store import SQL
from nxforge_core.api import Connection

__all__ = [
    "Around",
    "Break",
    "EventFilter",
    "NewEvent",
    "StoredEvent",
    "breaks_between",
    "decide_event",
    "event_at",
    "insert_event",
    "list_events",
    "readings_around",
    "trailing_points",
]


class EventFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which events are wanted; fields in the order of the statement."""

    state: str | None = None
    endpoint_id: str | None = None
    type: str | None = None
    id: int | None = None
    low: datetime | None = None
    high: datetime | None = None
    limit: int = 500


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a meter."""

    id: int
    endpoint_id: str
    endpoint_name: str
    channel: str
    ts: datetime
    type: str
    old_kwh: Decimal | None
    new_kwh: Decimal | None
    origin: str
    state: str
    note: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a person enters; fields in the order of the statement."""

    endpoint_id: str
    channel: str
    ts: datetime
    type: str
    old_kwh: Decimal | None
    new_kwh: Decimal | None
    note: str
    decided_by: str
    decided_at: datetime


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """The readings around an instant; the one after it may be suspect."""

    before_ts: datetime | None
    before_register: Decimal | None
    before_total: Decimal | None
    after_ts: datetime | None
    after_register: Decimal | None
    after_total: Decimal | None


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """A break of a register that counts."""

    ts: datetime
    type: str
    old_kwh: Decimal | None
    new_kwh: Decimal | None
    state: str


async def list_events(connection: Connection, wanted: EventFilter) -> list[StoredEvent]:
    """Events, the newest first."""
    return await connection.structs(
        StoredEvent, SQL.list_events, *msgspec.structs.astuple(wanted)
    )


async def insert_event(connection: Connection, new: NewEvent) -> int | None:
    """Write an event; answers its id, or None if there is one like it already."""
    row = msgspec.structs.astuple(new)
    found: int | None = await connection.fetchval(SQL.insert_event, *row)
    return found


async def event_at(connection: Connection, new: NewEvent) -> int | None:
    """The id of the event of the same type at the same instant."""
    found: int | None = await connection.fetchval(
        SQL.event_at, new.endpoint_id, new.channel, new.type, new.ts
    )
    return found


async def decide_event(
    connection: Connection, event: StoredEvent, by: str, at: datetime
) -> None:
    """Write what a person decided: state, registers and note of the event."""
    await connection.execute(
        SQL.decide_event,
        event.id,
        event.state,
        event.old_kwh,
        event.new_kwh,
        event.note,
        by,
        at,
    )


async def readings_around(
    connection: Connection, endpoint_id: str, channel: str, at: datetime
) -> Around:
    """The last good reading before an instant, and the first one from it on."""
    [found] = await connection.structs(
        Around, SQL.readings_around, endpoint_id, channel, at
    )
    return found


async def trailing_points(
    connection: Connection,
    endpoint_id: str,
    channel: str,
    first: datetime,
    last: datetime,
) -> list[Point]:
    """Good totals of a stretch, in order of time."""
    rows = await connection.fetch(
        SQL.trailing_points, endpoint_id, channel, first, last
    )
    return [Point(row["ts"], row["total_kwh"]) for row in rows]


async def breaks_between(
    connection: Connection,
    endpoint_id: str,
    channel: str,
    start: datetime,
    end: datetime,
) -> list[Break]:
    """Breaks that count, in order of time."""
    return await connection.structs(
        Break, SQL.breaks_between, endpoint_id, channel, start, end
    )
