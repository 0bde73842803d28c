"""Locking a month: its report is stored, and no row of it is rewritten any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from nxforge_consumption_monitor.models import GroupMonth, MonthLine
from nxforge_consumption_monitor.report import (
    as_locked,
    canonical_month,
    members_in,
    month_of_group,
    parse_month,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    Bounds,
    NewReport,
    ReportGroup,
    UnknownGroupError,
    insert_report,
    parse_group_id,
    report_group,
)
from nxforge_consumption_monitor.store.books import (
    NewLock,
    hold_locks,
    hold_states,
    insert_lock,
    list_locks,
    note_lock,
    proposed_between,
)
from nxforge_core.api import Connection, PluginContext

from ._errors import LockedAlreadyError, OpenMonthError, UndecidedMonthError
from ._views import LockBody, LockView, view_of

__all__ = ["lock"]

_Context = PluginContext[MonitorSettings]


async def lock(ctx: _Context, body: LockBody, *, by: str) -> LockView:
    """Lock a month of a group, or of every endpoint.

    Raises:
        UnknownGroupError: there is no such group.
        InvalidInputError: it is no month.
        OpenMonthError: figures of it may still change by themselves.
        UndecidedMonthError: somebody should look at it first; `force` goes on.
        LockedAlreadyError: it is locked.
    """
    first = parse_month(None, body.month, ctx.clock.now())
    group = await _group(ctx, body.group_id)
    async with ctx.db.transaction() as connection:
        await hold_locks(connection)
        members = await members_in(connection, group, first)
        # Nobody writes them from here on, so the pool reads what will be locked.
        await hold_states(connection, [each.id for each in members])
        month = await month_of_group(ctx, group, first)
        await _check(connection, month, first, force=body.force)
        digest = await _stored_report(ctx, connection, month, first)
        new = NewLock(
            group_id=group.id if group else None,
            month=first,
            locked_at=ctx.clock.now(),
            locked_by=by,
            report_sha256=digest,
            note=body.note,
            forced=body.force,
            members=[each.id for each in members],
        )
        lock_id = await insert_lock(connection, new)
        if lock_id is None:
            raise LockedAlreadyError(first, group.name if group else "")
        [stored] = await list_locks(connection, lock_id=lock_id)
        await note_lock(connection, "lock", stored, (by, body.note, ctx.clock.now()))
        return view_of(stored)


async def _group(ctx: _Context, group_id: str | None) -> ReportGroup | None:
    if group_id is None:
        return None
    found = await report_group(ctx.db, parse_group_id(group_id))
    if found is None:
        raise UnknownGroupError(group_id)
    return found


async def _check(
    connection: Connection, month: GroupMonth, first: date, *, force: bool
) -> None:
    """Refuse what is not settled. Open figures are refused even if forced."""
    known = [line for line in month.lines if line.energy_kwh is not None]
    still_open = [_name(line) for line in known if line.is_open]
    if still_open or not known:
        raise OpenMonthError(first, still_open or ["any endpoint"])
    if force:
        return
    unknown = [_name(line) for line in month.lines if line.energy_kwh is None]
    events = await _undecided(connection, month.lines)
    if events or unknown:
        raise UndecidedMonthError(first, events, unknown)


async def _undecided(connection: Connection, lines: Sequence[MonthLine]) -> list[str]:
    bounds = {
        line.endpoint_id: Bounds(line.endpoint_id, line.start, line.end)
        for line in lines
    }
    return [
        f"{each.type} of {each.endpoint_name} ({each.id})"
        for each in await proposed_between(connection, list(bounds.values()))
    ]


async def _stored_report(
    ctx: _Context, connection: Connection, month: GroupMonth, first: date
) -> str:
    """Store the month as whoever asks for it from now on sees it."""
    document, digest = canonical_month(as_locked(month))
    await insert_report(
        connection,
        NewReport(
            group_id=month.group_id,
            month=first,
            is_open=False,
            sha256=digest,
            document=document,
            generated_at=ctx.clock.now(),
        ),
    )
    return digest


def _name(line: MonthLine) -> str:
    if line.channel == "total":
        return line.endpoint_name
    return f"{line.endpoint_name} ({line.channel})"
