"""Locked months: what was invoiced stays as it is."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor import locks
from nxforge_consumption_monitor.groups import groups
from nxforge_consumption_monitor.locks import LockBody, LockEntryView, LockView
from nxforge_consumption_monitor.permissions import (
    READ_READINGS,
    UNLOCK_MONTHS,
    WRITE_LOCKS,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

__all__ = ["LOCKS_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


class MonthToLock(msgspec.Struct, frozen=True, kw_only=True):
    """A month that was invoiced.

    Attributes:
        month: Such as 2025-03.
        group: Name of a group; empty: every meter.
        force: Although events wait for a decision, or nothing is known of a meter.
        note: Why, for those who come later.
    """

    month: Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}$")]
    group: str = ""
    force: bool = False
    note: Annotated[str, Meta(max_length=500)] = ""


class MonthToUnlock(msgspec.Struct, frozen=True, kw_only=True):
    """A month whose figures may change again.

    Attributes:
        month: Such as 2025-03.
        group: Name of the group it is locked for; empty: every meter.
        note: Why; it is kept.
    """

    month: Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}$")]
    group: str = ""
    note: Annotated[str, Meta(min_length=1, max_length=500)]


async def _asked(ctx: _Context, params: ui.Params) -> dict[str, str]:
    names = {each.id: each.name for each in await groups(ctx)}
    group = names.get(params.get("group", ""), "")
    return {"month": params.get("month", ""), "group": group}


async def _lock(ctx: _Context, data: MonthToLock, reader: ui.Reader) -> ui.Done:
    body = LockBody(
        month=data.month,
        group_id=await _group_id(ctx, data.group),
        force=data.force,
        note=data.note,
    )
    found = await locks.lock(ctx, body, by=reader.name)
    return ui.Done(
        say("{month:%B %Y} of {whose} is locked.").format(
            month=found.month, whose=found.group_name or say("every meter")
        )
    )


async def _group_id(ctx: _Context, name: str) -> str | None:
    if not name:
        return None
    known = {each.name: each.id for each in await groups(ctx)}
    if name not in known:
        remedy = f"give one of {', '.join(known)}" if known else "there is no group yet"
        raise InvalidInputError(field="group", value=name, remedy=remedy)
    return known[name]


async def _unlock(ctx: _Context, data: MonthToUnlock, reader: ui.Reader) -> ui.Done:
    group = await _group_id(ctx, data.group)
    for each in await locks.locks(ctx):
        if f"{each.month:%Y-%m}" == data.month and each.group_id == group:
            await locks.unlock(ctx, each.id, by=reader.name, note=data.note)
            return ui.Done(
                say("{month:%B %Y} of {whose} is unlocked.").format(
                    month=each.month, whose=_whose(each)
                )
            )
    remedy = "give a month that is locked, with the group it is locked for"
    raise InvalidInputError(field="month", value=data.month, remedy=remedy)


def _whose(lock: LockView | LockEntryView) -> str:
    return lock.group_name or say("every meter")


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "month": f"{each.month:%Y-%m}",
            "group": _whose(each),
            "locked_at": each.locked_at,
            "locked_by": each.locked_by,
            "state": ui.State(say("forced"), "warning")
            if each.forced
            else ui.State(say("locked")),
            "sha256": each.report_sha256 or "",
            "note": each.note,
        }
        for each in await locks.locks(ctx)
    ]


async def _entries(ctx: _Context) -> list[dict[str, object]]:
    return [
        {
            "at": each.done_at,
            "what": each.action,
            "month": f"{each.month:%Y-%m}",
            "group": _whose(each),
            "by": each.done_by,
            "note": each.note,
        }
        for each in await locks.entries(ctx)
    ]


LOCKS_PAGE: Final = ui.Page(
    name="locks",
    title=say("Locked months"),
    intro=say(
        "What was invoiced stays as it is; later corrections become lines of a later"
        " month."
    ),
    icon="key",
    permission=READ_READINGS,
    body=(
        ui.Form(
            say("Lock a month"),
            MonthToLock,
            _lock,
            _asked,
            {"month": ui.Field(say("Month"), placeholder="2025-03")},
            button=say("Lock"),
            permission=WRITE_LOCKS,
            layout="columns",
        ),
        ui.Table(
            say("Locked months"),
            _rows,
            (
                ui.Column("month", say("Month"), sort=True),
                ui.Column("group", say("Of"), sort=True),
                ui.Column("state", say("State")),
                ui.Column("locked_at", say("Locked"), "time", sort=True),
                ui.Column("locked_by", say("By"), sort=True),
                ui.Column("note", say("Note")),
                ui.Column("sha256", say("Report"), "code", hidden=True),
            ),
            name="locks",
            key="id",
            sort="-month",
            empty=say("No month is locked. Lock one when its invoice is sent."),
        ),
        ui.Form(
            say("Unlock a month"),
            MonthToUnlock,
            _unlock,
            fields={"month": ui.Field(say("Month"), placeholder="2025-03")},
            button=say("Unlock"),
            confirm=say("Unlock this month? Its figures may change again."),
            permission=UNLOCK_MONTHS,
            layout="columns",
        ),
        ui.Table(
            say("Who did what"),
            _entries,
            (
                ui.Column("at", say("When"), "time", sort=True),
                ui.Column("what", say("What"), sort=True),
                ui.Column("month", say("Month"), sort=True),
                ui.Column("group", say("Of"), sort=True),
                ui.Column("by", say("By"), sort=True),
                ui.Column("note", say("Note")),
            ),
            size=20,
            empty=say("Nobody locked or unlocked a month yet."),
        ),
    ),
)
