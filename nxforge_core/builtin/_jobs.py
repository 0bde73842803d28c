"""Jobs: seen, changed, and run now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from nxforge_core.api import Body, Cron, Every, Manual, Model, RouteSpec
from nxforge_core.jobs import JobDetail, JobPatch, JobState

from ._context import CoreContext
from ._security import CallerRequest
from ._told import job_change, tell

__all__ = [
    "ROUTES",
    "RunStarted",
    "change_job",
    "list_jobs",
    "reset_job",
    "run_job",
    "show_job",
]


class RunRequest(Body):
    """Parameters of a manual run; what is left out is as in a scheduled one."""

    params: dict[str, Any] = msgspec.field(default_factory=dict)


class RunStarted(Model):
    """A run that was queued, and where it is seen."""

    id: int
    link: str


class PreviewRequest(Body):
    """A trigger to try."""

    trigger: Every | Cron | Manual


class Preview(Model):
    """When a job would run."""

    next_slots: list[datetime]


async def list_jobs(ctx: CoreContext) -> list[JobState]:
    """Jobs of the running plugins, with their next slot and their last run."""
    return await ctx.host.plans.list_jobs()


async def show_job(ctx: CoreContext, plugin: str, job: str) -> JobDetail:
    """Everything about one job: values, defaults, what was changed, how it goes."""
    return await ctx.host.plans.show(plugin, job)


async def change_job(
    ctx: CoreContext,
    request: CallerRequest,
    plugin: str,
    job: str,
    data: JobPatch,
) -> JobDetail:
    """Change a job for all processes; null returns to the plugin's own value."""
    plans, target = ctx.host.plans, f"{plugin}/{job}"
    before = await plans.show(plugin, job)
    after = await plans.change(plugin, job, data, request.user.name)
    await tell(ctx, request, "jobs.change", target, job_change(before, after))
    return after


async def reset_job(
    ctx: CoreContext, request: CallerRequest, plugin: str, job: str
) -> JobDetail:
    """Return a job to what its plugin says."""
    plans, target = ctx.host.plans, f"{plugin}/{job}"
    before = await plans.show(plugin, job)
    after = await plans.reset(plugin, job, request.user.name)
    await tell(ctx, request, "jobs.reset", target, job_change(before, after))
    return after


async def preview_trigger(
    ctx: CoreContext, plugin: str, job: str, data: PreviewRequest
) -> Preview:
    """The next five slots of a trigger, without storing it."""
    return Preview(next_slots=ctx.host.plans.preview(plugin, job, data.trigger))


async def run_job(
    ctx: CoreContext,
    request: CallerRequest,
    plugin: str,
    job: str,
    data: RunRequest | None = None,
) -> RunStarted:
    """Queue a run of a job now; its schedule does not move."""
    params = data.params if data else {}
    run = await ctx.host.run_job(plugin, job, params, request.user)
    await tell(ctx, request, "jobs.run", f"{plugin}/{job}", (None, {"run": run}))
    return RunStarted(id=run, link=f"/api/v1/runs/{run}")


_JOB = "/api/v1/jobs/{plugin:str}/{job:str}"
_READ, _MANAGE = "nxforge:jobs:read", "nxforge:jobs:manage"

ROUTES = [
    RouteSpec("GET", "/api/v1/jobs", list_jobs, permission=_READ),
    RouteSpec("GET", _JOB, show_job, permission=_READ),
    RouteSpec("PATCH", _JOB, change_job, permission=_MANAGE),
    RouteSpec("DELETE", f"{_JOB}/overrides", reset_job, permission=_MANAGE, status=200),
    RouteSpec("POST", f"{_JOB}/preview", preview_trigger, permission=_READ, status=200),
    RouteSpec(
        "POST", f"{_JOB}/runs", run_job, permission="nxforge:jobs:run", status=202
    ),
]
