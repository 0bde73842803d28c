"""Locked months and recomputed history over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar.params import QueryParameter

from nxforge_consumption_monitor import locks
from nxforge_consumption_monitor.collect import RECOMPUTE_JOB, recompute_params
from nxforge_consumption_monitor.locks import LockBody, LockEntryView, LockView
from nxforge_consumption_monitor.models import parse_endpoint_id
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import Model, PluginContext

from ._caller import Caller, name_of

__all__ = [
    "create_lock",
    "delete_lock",
    "list_lock_entries",
    "list_locks",
    "recompute",
]

_Context = PluginContext[MonitorSettings]


class RecomputeView(Model):
    """A recomputation that was queued."""

    run_id: int


async def list_locks(ctx: _Context) -> list[LockView]:
    """Locked months, the newest first."""
    return await locks.locks(ctx)


async def list_lock_entries(ctx: _Context) -> list[LockEntryView]:
    """Who locked and unlocked which month, when and why."""
    return await locks.entries(ctx)


async def create_lock(ctx: _Context, request: Caller, data: LockBody) -> LockView:
    """Lock a month: its report is stored, and later corrections become adjustments."""
    return await locks.lock(ctx, data, by=name_of(request))


async def delete_lock(
    ctx: _Context, request: Caller, lock_id: int, note: str = ""
) -> None:
    """Unlock a month; `note` says why and is kept."""
    await locks.unlock(ctx, lock_id, by=name_of(request), note=note)


async def recompute(
    ctx: _Context,
    from_: Annotated[datetime, QueryParameter(name="from")],
    to: datetime | None = None,
    endpoint_id: Annotated[str | None, QueryParameter(name="endpointId")] = None,
) -> RecomputeView:
    """Compute the history from an instant on again, as a run of a job."""
    wanted = None if endpoint_id is None else parse_endpoint_id(endpoint_id)
    params = recompute_params(from_, to, wanted)
    return RecomputeView(run_id=await ctx.jobs.run(RECOMPUTE_JOB, params))
