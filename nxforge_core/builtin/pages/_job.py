"""One job: when it runs next, how it goes, and what an operator changes."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._jobs import reset_job

from ._job_forms import LIMITS, PARAMS, SCHEDULE, job_of
from ._jobs import pause, resume, run_now
from ._runs import runs_table
from ._words import as_json, names, run_state

__all__ = ["JOB_PAGE"]

say = load_texts("nxforge_core")

_RUN, _MANAGE = "nxforge:jobs:run", "nxforge:jobs:manage"


async def _figures(ctx: CoreContext, params: ui.Params) -> list[ui.Figure]:
    job = await job_of(ctx, params)
    found = job.statistics
    rate = None if found.success_rate is None else round(found.success_rate * 100, 1)
    last = ui.State(say("no run yet"))
    if job.last_state is not None:
        last = run_state(job.last_state)
    return [
        ui.Figure(job.title, "on" if job.enabled else "paused", hint=job.trigger),
        ui.Figure(say("Last run"), last.text, level=last.level),
        ui.Figure(
            say("Success"),
            rate,
            "%",
            hint=say("of {runs} runs in 30 days").format(runs=found.runs),
        ),
        ui.Figure(say("Usually takes"), found.median_seconds, "s", places=2),
        ui.Figure(say("95 of 100 take less"), found.p95_seconds, "s", places=2),
        ui.Figure(say("Begins late by"), found.median_late, "s", places=2),
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
        ui.Fact(say("Plugin"), job.plugin),
        ui.Fact(say("Name"), job.name, "code"),
        ui.Fact(say("Parameters"), as_json(job.values.params), "code"),
        ui.Fact(say("May take"), job.values.timeout, "duration"),
        ui.Fact(
            say("Tried again"),
            retry.attempts,
            "number",
            help=say("after the first time"),
        ),
        ui.Fact(say("While one is not finished"), job.overlap),
        ui.Fact(say("A slot that was missed"), job.misfire.replace("_", " ")),
        ui.Fact(say("Kept"), f"{job.keep_days} days, {job.keep_runs} runs"),
        ui.Fact(say("Last success"), found.last_success_at, "age"),
        ui.Fact(say("Failed"), found.failed + found.timed_out + found.lost, "number"),
        ui.Fact(say("Skipped or missed"), found.skipped + found.misfired, "number"),
        ui.Fact(say("Had nothing to do"), found.idle, "number"),
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
    return ui.Done(say("The job is as its plugin made it."))


def _key(params: ui.Params) -> str:
    return f"{params.get('plugin', '')}/{params.get('job', '')}"


_DEEDS: Final = (
    ui.Action(say("Run now"), _run, style="primary", permission=_RUN, width="third"),
    ui.Action(
        say("Pause"),
        _pause,
        confirm=say("Pause this job? Nothing of it runs until you resume."),
        permission=_MANAGE,
        width="third",
    ),
    ui.Action(say("Resume"), _resume, permission=_MANAGE, width="third"),
)

JOB_PAGE: Final = ui.Page(
    name="job",
    title=say("Job"),
    menu=False,
    permission="nxforge:jobs:read",
    links=(ui.Link(say("All jobs"), "jobs"),),
    body=(
        ui.Notices(say("Changed"), _notices),
        ui.Stats(say("Now"), _figures, live="job.*", every=30),
        *_DEEDS,
        ui.Tabs(
            tabs=(
                ui.Tab("runs", say("Runs"), (runs_table(say("Runs of this job")),)),
                ui.Tab(
                    "about",
                    say("About"),
                    (
                        ui.Table(
                            say("Next times"),
                            _slots,
                            (
                                ui.Column("at", say("When"), "time"),
                                ui.Column("in", say("That is"), "age"),
                            ),
                            csv=False,
                            width="half",
                            empty=say("It runs when somebody asks for it."),
                        ),
                        ui.Detail(say("About it"), _facts, width="half"),
                    ),
                ),
                ui.Tab(
                    "change",
                    say("Change"),
                    (
                        SCHEDULE,
                        PARAMS,
                        LIMITS,
                        ui.Action(
                            say("Return to the plugin's own"),
                            _reset,
                            confirm=say("Take back every change of this job?"),
                            style="danger",
                            permission=_MANAGE,
                            text=say("Schedule, parameters, limits and pause alike."),
                        ),
                        ui.Notice(
                            say("Changes need the permission nxforge:jobs:manage.")
                        ),
                    ),
                ),
            ),
        ),
    ),
)
