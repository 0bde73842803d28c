"""Unlocking a month: its own rows say again what its adjustments had said."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.register import span_of
from nxforge_consumption_monitor.restate import restate
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import hold_endpoint
from nxforge_consumption_monitor.store.books import (
    StoredLock,
    delete_adjustments,
    delete_lock,
    freed_adjustments,
    hold_locks,
    list_locks,
    note_lock,
)
from nxforge_core.api import Connection, InvalidInputError, PluginContext

from ._errors import AdjustedMonthError, UnknownLockError

__all__ = ["unlock"]


async def unlock(
    ctx: PluginContext[MonitorSettings], lock_id: int, *, by: str, note: str
) -> None:
    """Unlock a month.

    What was booked in later months for it is taken back, and its rows are computed
    again: the same energy is not billed twice.

    Raises:
        UnknownLockError: there is no such lock.
        InvalidInputError: nobody says why.
        AdjustedMonthError: corrections of it were billed in a month that is locked.
    """
    if not note.strip():
        remedy = "say why the month is unlocked: the note is kept"
        raise InvalidInputError(field="note", value=note, remedy=remedy)
    async with ctx.db.transaction() as connection:
        await hold_locks(connection)
        found = await list_locks(connection, lock_id=lock_id)
        if not found:
            raise UnknownLockError(lock_id)
        [lock] = found
        await delete_lock(connection, lock.id)
        await _take_back(connection, lock)
        await note_lock(connection, "unlock", lock, (by, note, ctx.clock.now()))


async def _take_back(connection: Connection, lock: StoredLock) -> None:
    freed = await freed_adjustments(connection, lock.month)
    booked = [
        f"{each.booked_month:%Y-%m} ({each.endpoint_name})"
        for each in freed
        if each.booked_is_locked
    ]
    if booked:
        raise AdjustedMonthError(lock.month, booked)
    for endpoint_id in dict.fromkeys(each.endpoint_id for each in freed):
        await delete_adjustments(connection, endpoint_id, lock.month)
        await _restate_month(connection, endpoint_id, lock.month)


async def _restate_month(connection: Connection, endpoint_id: str, month: date) -> None:
    endpoint = await hold_endpoint(connection, endpoint_id)
    if endpoint is not None:
        start = span_of("month", month, ZoneInfo(endpoint.tz)).start
        await restate(connection, endpoint_id, start)
