"""Jobs, their runs, the logs of those."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import Parameter, QueryParameter

from nxforge_core.api import Body, Model, RouteSpec, RunId
from nxforge_core.jobs import JobState, RunDetail, RunLine, RunState, RunSummary
from nxforge_core.security import Principal

from ._context import CoreContext

__all__ = ["ROUTES"]

_Limit = Annotated[int, Parameter(ge=1, le=1000)]
#: What the column holds; more would be an error of the database.
_RANGE = Parameter(ge=0, le=2**63 - 1)
_Number = Annotated[int, _RANGE]


class RunRequest(Body):
    """Parameters of a manual run; what is left out has the job's default."""

    params: dict[str, Any] = msgspec.field(default_factory=dict)


class RunStarted(Model):
    """A run that was queued, and where it is seen."""

    id: int
    link: str


async def list_jobs(ctx: CoreContext) -> list[JobState]:
    """Jobs of the running plugins, with their next slot and their last run."""
    return list(await ctx.host.list_jobs())


async def run_job(
    ctx: CoreContext,
    request: Request[Principal, Any, Any],
    plugin: str,
    job: str,
    data: RunRequest | None = None,
) -> RunStarted:
    """Queue a run of a job now; its schedule does not move."""
    params = data.params if data else {}
    run = await ctx.host.run_job(plugin, job, params, request.user)
    return RunStarted(id=run, link=f"/api/v1/runs/{run}")


async def list_runs(
    ctx: CoreContext,
    plugin: str | None = None,
    job: str | None = None,
    # Litestar keeps the name `state` for itself.
    run_state: Annotated[RunState | None, QueryParameter(name="state")] = None,
    limit: _Limit = 50,
    before: Annotated[int | None, _RANGE] = None,
) -> list[RunSummary]:
    """Runs, newest first; `before` is the last id of the page before."""
    return await ctx.host.runs.list_runs(
        plugin=plugin,
        job=job,
        state=run_state,
        limit=limit,
        before=None if before is None else RunId(before),
    )


async def show_run(ctx: CoreContext, run_id: _Number) -> RunDetail:
    """One run with its result or error."""
    return await ctx.host.runs.get_run(RunId(run_id))


async def show_run_logs(
    ctx: CoreContext, run_id: _Number, after: _Number = 0, limit: _Limit = 1000
) -> list[RunLine]:
    """Lines a run logged, in order, from the one after `after` on."""
    return await ctx.host.runs.run_logs(RunId(run_id), after=after, limit=limit)


_READ = "nxforge:runs:read"

ROUTES = [
    RouteSpec("GET", "/api/v1/jobs", list_jobs, permission="nxforge:jobs:read"),
    RouteSpec(
        "POST",
        "/api/v1/jobs/{plugin:str}/{job:str}/runs",
        run_job,
        permission="nxforge:jobs:run",
        status=202,
    ),
    RouteSpec("GET", "/api/v1/runs", list_runs, permission=_READ),
    RouteSpec("GET", "/api/v1/runs/{run_id:int}", show_run, permission=_READ),
    RouteSpec("GET", "/api/v1/runs/{run_id:int}/logs", show_run_logs, permission=_READ),
]
