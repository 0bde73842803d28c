"""Readings that a person took out or put back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.store import SQL
from nxforge_core.api import Connection

__all__ = [
    "Marked",
    "NewMark",
    "StoredMark",
    "count_readings_between",
    "exclude_readings",
    "list_marks",
    "restore_readings",
]


class NewMark(msgspec.Struct, frozen=True, kw_only=True):
    """Which readings, why, and by whom; fields in the order of the statements."""

    endpoint_id: str
    channel: str
    low: datetime
    high: datetime
    note: str
    done_by: str
    done_at: datetime


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """What was marked: how many readings, the first and the last of them."""

    readings: int
    first: datetime | None
    last: datetime | None


class StoredMark(msgspec.Struct, frozen=True, kw_only=True):
    """One reading taken out or put back, and what it was worth before."""

    id: int
    endpoint_id: str
    channel: str
    ts: datetime
    action: str
    register_kwh: Decimal | None
    quality: str
    reason: str
    note: str
    done_by: str
    done_at: datetime


async def exclude_readings(connection: Connection, mark: NewMark) -> Marked:
    """Take readings out; they are judged no more until they are put back."""
    return await _marked(connection, SQL.exclude_readings, mark)


async def restore_readings(connection: Connection, mark: NewMark) -> Marked:
    """Put readings back, worth what they were; a restatement judges them again."""
    return await _marked(connection, SQL.restore_readings, mark)


async def count_readings_between(
    connection: Connection, mark: NewMark, most: int
) -> int:
    """How many readings lie there; more than `most` are not counted."""
    counted: int = await connection.fetchval(
        SQL.count_readings_between,
        mark.endpoint_id,
        mark.channel,
        mark.low,
        mark.high,
        most,
    )
    return counted


async def list_marks(
    connection: Connection,
    endpoint_id: str,
    bounds: tuple[datetime | None, datetime | None],
    limit: int,
) -> list[StoredMark]:
    """What was done with readings of an endpoint, the newest first."""
    return await connection.structs(
        StoredMark, SQL.list_marks, endpoint_id, *bounds, limit
    )


async def _marked(connection: Connection, statement: str, mark: NewMark) -> Marked:
    found = await connection.structs(Marked, statement, *msgspec.structs.astuple(mark))
    return found[0]
