"""One job: when it runs next, how it goes, and what an operator changes."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._jobs import reset_job

from ._job_forms import LIMITS, PARAMS, SCHEDULE, job_of
from ._jobs import pause, resume, run_now
from ._runs import runs_table
from ._words import as_json, names, run_state

__all__ = ["JOB_PAGE"]

_RUN, _MANAGE = "nxforge:jobs:run", "nxforge:jobs:manage"


async def _figures(ctx: CoreContext, params: ui.Params) -> list[ui.Figure]:
    job = await job_of(ctx, params)
    found = job.statistics
    rate = None if found.success_rate is None else round(found.success_rate * 100, 1)
    last = ui.State("no run yet")
    if job.last_state is not None:
        last = run_state(job.last_state)
    return [
        ui.Figure(job.title, "on" if job.enabled else "paused", hint=job.trigger),
        ui.Figure("Last run", last.text, level=last.level),
        ui.Figure("Success", rate, "%", hint=f"of {found.runs} runs in 30 days"),
        ui.Figure("Usually takes", found.median_seconds, "s", places=2),
        ui.Figure("95 of 100 take less", found.p95_seconds, "s", places=2),
        ui.Figure("Begins late by", found.median_late, "s", places=2),
    ]


async def _notices(ctx: CoreContext, params: ui.Params) -> list[ui.Notice]:
    job = await job_of(ctx, params)
    found = [ui.Notice(f"{each}.", "warning") for each in job.notices]
    if job.change is None:
        return found
    change = job.change
    why = f": {change.note}" if change.note else ""
    words = f"{change.changed_by} changed {names(change.fields)}{why}."
    return [*found, ui.Notice(words)]


async def _slots(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    job = await job_of(ctx, params)
    return [{"at": each, "in": each} for each in job.next_slots]


async def _facts(ctx: CoreContext, params: ui.Params) -> list[ui.Fact]:
    job = await job_of(ctx, params)
    found, retry = job.statistics, job.values.retry
    return [
        ui.Fact("Plugin", job.plugin),
        ui.Fact("Name", job.name, "code"),
        ui.Fact("Parameters", as_json(job.values.params), "code"),
        ui.Fact("May take", job.values.timeout, "duration"),
        ui.Fact("Tried again", retry.attempts, "number", help="after the first time"),
        ui.Fact("While one is not finished", job.overlap),
        ui.Fact("A slot that was missed", job.misfire.replace("_", " ")),
        ui.Fact("Kept", f"{job.keep_days} days, {job.keep_runs} runs"),
        ui.Fact("Last success", found.last_success_at, "age"),
        ui.Fact("Failed", found.failed + found.timed_out + found.lost, "number"),
        ui.Fact("Skipped or missed", found.skipped + found.misfired, "number"),
        ui.Fact("Had nothing to do", found.idle, "number"),
    ]


async def _run(ctx: CoreContext, params: ui.Params, reader: Caller) -> ui.Done:
    return await run_now(ctx, [_key(params)], reader)


async def _pause(ctx: CoreContext, params: ui.Params, reader: Caller) -> ui.Done:
    return await pause(ctx, [_key(params)], reader)


async def _resume(ctx: CoreContext, params: ui.Params, reader: Caller) -> ui.Done:
    return await resume(ctx, [_key(params)], reader)


async def _reset(ctx: CoreContext, params: ui.Params, reader: Caller) -> ui.Done:
    plugin, job = params.get("plugin", ""), params.get("job", "")
    await reset_job(ctx, reader.request, plugin, job)
    return ui.Done("The job is as its plugin made it.")


def _key(params: ui.Params) -> str:
    return f"{params.get('plugin', '')}/{params.get('job', '')}"


_DEEDS: Final = (
    ui.Action("Run now", _run, style="primary", permission=_RUN, width="third"),
    ui.Action(
        "Pause",
        _pause,
        confirm="Pause this job? Nothing of it runs until you resume.",
        permission=_MANAGE,
        width="third",
    ),
    ui.Action("Resume", _resume, permission=_MANAGE, width="third"),
)

JOB_PAGE: Final = ui.Page(
    name="job",
    title="Job",
    menu=False,
    permission="nxforge:jobs:read",
    links=(ui.Link("All jobs", "jobs"),),
    body=(
        ui.Notices("Changed", _notices),
        ui.Stats("Now", _figures, live="job.*", every=30),
        *_DEEDS,
        ui.Tabs(
            tabs=(
                ui.Tab("runs", "Runs", (runs_table("Runs of this job"),)),
                ui.Tab(
                    "about",
                    "About",
                    (
                        ui.Table(
                            "Next times",
                            _slots,
                            (
                                ui.Column("at", "When", "time"),
                                ui.Column("in", "That is", "age"),
                            ),
                            csv=False,
                            width="half",
                            empty="It runs when somebody asks for it.",
                        ),
                        ui.Detail("About it", _facts, width="half"),
                    ),
                ),
                ui.Tab(
                    "change",
                    "Change",
                    (
                        SCHEDULE,
                        PARAMS,
                        LIMITS,
                        ui.Action(
                            "Return to the plugin's own",
                            _reset,
                            confirm="Take back every change of this job?",
                            style="danger",
                            permission=_MANAGE,
                            text="Schedule, parameters, limits and pause alike.",
                        ),
                        ui.Notice("Changes need the permission nxforge:jobs:manage."),
                    ),
                ),
            ),
        ),
    ),
)
