"""Runs: what became of jobs, the logs of that, an end and a repetition by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from litestar.params import Parameter, QueryParameter

from nxforge_core.api import Body, RouteSpec, RunId
from nxforge_core.jobs import (
    RunDetail,
    RunFilter,
    RunLine,
    RunState,
    RunSummary,
    RunTrigger,
)

from ._context import CoreContext
from ._jobs import RunStarted
from ._security import CallerRequest
from ._told import tell

__all__ = [
    "ROUTES",
    "RerunRequest",
    "cancel_run",
    "list_runs",
    "list_shards",
    "rerun",
    "show_run",
    "show_run_logs",
]

_Limit = Annotated[int, Parameter(ge=1, le=1000)]
#: What the column holds; more would be an error of the database.
_RANGE = Parameter(ge=0, le=2**63 - 1)
_Number = Annotated[int, _RANGE]
_Shard = Annotated[int, Parameter(ge=0, le=2**31 - 1)]
# Litestar keeps the name `state` for itself.
_States = Annotated[list[RunState] | None, QueryParameter(name="state")]
_Level = Literal["debug", "info", "warning", "error", "critical"]


class RerunRequest(Body):
    """What of a run is repeated.

    Attributes:
        only: `failed` repeats the shards or items that failed.
    """

    only: Literal["all", "failed"] = "all"


async def list_runs(  # noqa: PLR0913 - one for each filter
    ctx: CoreContext,
    *,
    plugin: str | None = None,
    job: str | None = None,
    run_state: _States = None,
    trigger: RunTrigger | None = None,
    parent: Annotated[int | None, _RANGE] = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: _Limit = 50,
    before: Annotated[int | None, _RANGE] = None,
) -> list[RunSummary]:
    """Runs, newest first; `before` is the last id of the page before."""
    wanted = RunFilter(
        plugin=plugin,
        job=job,
        states=run_state or (),
        trigger=trigger,
        parent=None if parent is None else RunId(parent),
        since=since,
        until=until,
    )
    page = None if before is None else RunId(before)
    return await ctx.host.runs.list_runs(wanted, limit=limit, before=page)


async def show_run(ctx: CoreContext, run_id: _Number) -> RunDetail:
    """One run with its attempts, its result or error, and why it is as it is."""
    return await ctx.host.runs.get_run(RunId(run_id))


async def show_run_logs(
    ctx: CoreContext,
    run_id: _Number,
    after: _Number = 0,
    limit: _Limit = 1000,
    level: _Level | None = None,
    search: Annotated[str | None, Parameter(max_length=200)] = None,
) -> list[RunLine]:
    """Lines a run logged, in order, from the one after `after` on."""
    return await ctx.host.runs.run_logs(
        RunId(run_id), after=after, limit=limit, level=level, search=search
    )


async def list_shards(
    ctx: CoreContext,
    run_id: _Number,
    run_state: _States = None,
    after: _Shard = 0,
    limit: _Limit = 1000,
) -> list[RunSummary]:
    """Shards of a run, in order; `after` is the last number of the page before."""
    return await ctx.host.runs.list_shards(
        RunId(run_id), states=run_state or (), after=after, limit=limit
    )


async def cancel_run(
    ctx: CoreContext, request: CallerRequest, run_id: _Number
) -> RunDetail:
    """End a run: a queued one at once, a running one as soon as its handler lets."""
    await ctx.host.cancel_run(RunId(run_id), request.user)
    await tell(ctx, request, "runs.cancel", str(run_id))
    return await ctx.host.runs.get_run(RunId(run_id))


async def rerun(
    ctx: CoreContext,
    request: CallerRequest,
    run_id: _Number,
    data: RerunRequest | None = None,
) -> RunStarted:
    """Repeat a run, or just what failed of it, as a new run."""
    only = data.only if data else "all"
    run = await ctx.host.rerun(RunId(run_id), only, request.user)
    after = {"run": run, "only": only}
    await tell(ctx, request, "runs.rerun", str(run_id), (None, after))
    return RunStarted(id=run, link=f"/api/v1/runs/{run}")


_READ = "nxforge:runs:read"
_ONE = "/api/v1/runs/{run_id:int}"

ROUTES = [
    RouteSpec("GET", "/api/v1/runs", list_runs, permission=_READ),
    RouteSpec("GET", _ONE, show_run, permission=_READ),
    RouteSpec("GET", f"{_ONE}/logs", show_run_logs, permission=_READ),
    RouteSpec("GET", f"{_ONE}/shards", list_shards, permission=_READ),
    RouteSpec(
        "POST",
        f"{_ONE}/cancel",
        cancel_run,
        permission="nxforge:runs:cancel",
        status=202,
    ),
    RouteSpec(
        "POST", f"{_ONE}/rerun", rerun, permission="nxforge:jobs:run", status=202
    ),
]
