"""Locks on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.books import (
    StoredLock,
    list_lock_entries,
    list_locks,
)
from nxforge_core.api import Body, Model, PluginContext

__all__ = ["LockBody", "LockEntryView", "LockView", "entries", "locks", "view_of"]

_MOST: Final = 500


class LockBody(Body):
    """A month to lock.

    Attributes:
        group_id: Whose month; null: of every endpoint.
        force: Although events wait for a decision, or nothing is known of a member.
    """

    month: Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}$")]
    group_id: str | None = None
    force: bool = False
    note: Annotated[str, Meta(max_length=500)] = ""


class LockView(Model):
    """A locked month.

    Attributes:
        group_id: Null for all endpoints.
        report_sha256: Of the report as it was locked; `report_id` is the stored one.
        forced: Something waited for a decision.
    """

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


class LockEntryView(Model):
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


async def locks(ctx: PluginContext[MonitorSettings]) -> list[LockView]:
    """Locked months, the newest first."""
    return [view_of(each) for each in await list_locks(ctx.db)]


async def entries(ctx: PluginContext[MonitorSettings]) -> list[LockEntryView]:
    """Who locked and unlocked, the newest first."""
    return [
        LockEntryView(**msgspec.structs.asdict(each))
        for each in await list_lock_entries(ctx.db, _MOST)
    ]


def view_of(stored: StoredLock) -> LockView:
    """Show a lock."""
    return LockView(**msgspec.structs.asdict(stored))
