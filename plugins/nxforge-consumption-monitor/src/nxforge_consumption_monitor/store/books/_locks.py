"""Locked months, and who locked and unlocked them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from nxforge_consumption_monitor.store import SQL, Bounds
from nxforge_core.api import Connection

__all__ = [
    "FreedAdjustment",
    "LockEntry",
    "NewLock",
    "ProposedEvent",
    "StoredLock",
    "delete_adjustments",
    "delete_lock",
    "freed_adjustments",
    "hold_locks",
    "hold_states",
    "insert_lock",
    "list_lock_entries",
    "list_locks",
    "note_lock",
    "proposed_between",
]


class StoredLock(msgspec.Struct, frozen=True, kw_only=True):
    """A locked month; `group_id` is None for all endpoints."""

    id: int
    group_id: str | None
    group_name: str
    month: date
    locked_at: datetime
    locked_by: str
    report_sha256: str | None
    report_id: int | None
    note: str
    forced: bool


class NewLock(msgspec.Struct, frozen=True, kw_only=True):
    """A month to lock; fields in the order of the statement.

    Attributes:
        members: Ids of the endpoints that it holds.
    """

    group_id: str | None
    month: date
    locked_at: datetime
    locked_by: str
    report_sha256: str
    note: str
    forced: bool
    members: list[str]


class LockEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody locked or unlocked a month."""

    id: int
    action: str
    group_id: str | None
    group_name: str
    month: date
    report_sha256: str | None
    done_by: str
    note: str
    done_at: datetime


class ProposedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that counts and about which nobody decided."""

    id: int
    endpoint_name: str
    type: str
    ts: datetime


class FreedAdjustment(msgspec.Struct, frozen=True, kw_only=True):
    """A correction of a month that is not locked any more."""

    endpoint_id: str
    endpoint_name: str
    booked_month: date
    booked_is_locked: bool


async def hold_locks(connection: Connection) -> None:
    """Let nobody else lock or unlock until the transaction ends."""
    await connection.execute(SQL.hold_locks)


async def hold_states(connection: Connection, ids: Sequence[str]) -> None:
    """Let nobody write readings of endpoints until the transaction ends."""
    await connection.fetch(SQL.hold_states, ids)


async def list_locks(
    connection: Connection, *, lock_id: int | None = None
) -> list[StoredLock]:
    """Locked months, the newest first, or the one with the id."""
    return await connection.structs(StoredLock, SQL.list_locks, lock_id)


async def proposed_between(
    connection: Connection, bounds: Sequence[Bounds]
) -> list[ProposedEvent]:
    """Events that count and wait for a decision, in order of time."""
    return await connection.structs(
        ProposedEvent,
        SQL.proposed_between,
        [each.endpoint_id for each in bounds],
        [each.low for each in bounds],
        [each.high for each in bounds],
    )


async def insert_lock(connection: Connection, new: NewLock) -> int | None:
    """Lock a month; answers the lock's id, or None if it is locked already."""
    row = msgspec.structs.astuple(new)
    found: int | None = await connection.fetchval(SQL.insert_lock, *row)
    return found


async def delete_lock(connection: Connection, lock_id: int) -> None:
    """Unlock a month."""
    await connection.execute(SQL.delete_lock, lock_id)


async def note_lock(
    connection: Connection,
    action: str,
    lock: StoredLock,
    entry: tuple[str, str, datetime],
) -> None:
    """Keep who locked or unlocked a month, why and when."""
    await connection.execute(
        SQL.insert_lock_entry,
        action,
        lock.group_id,
        lock.month,
        lock.report_sha256,
        *entry,
    )


async def list_lock_entries(connection: Connection, limit: int) -> list[LockEntry]:
    """Who locked and unlocked, the newest first."""
    return await connection.structs(LockEntry, SQL.list_lock_entries, limit)


async def freed_adjustments(
    connection: Connection, month: date
) -> list[FreedAdjustment]:
    """Corrections of a month of endpoints that no lock holds in it any more."""
    return await connection.structs(FreedAdjustment, SQL.freed_adjustments, month)


async def delete_adjustments(
    connection: Connection, endpoint_id: str, month: date
) -> None:
    """Take back what was booked for a month."""
    await connection.execute(SQL.delete_adjustments, endpoint_id, month)
