"""What runs when, how it goes, and the buttons for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_core.api import InvalidInputError, load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._jobs import change_job, list_jobs, run_job
from nxforge_core.builtin._runs import list_runs
from nxforge_core.jobs import JobPatch, JobState, RunSummary

from ._words import job_link, run_link, run_state

__all__ = ["JOBS_PAGE", "pause", "resume", "run_now"]

say = load_texts("nxforge_core")

_BEATS: Final = 20
#: Runs in which the newest of each job are looked for, in one question.
_NEWEST: Final = 500
_RUN, _MANAGE = "nxforge:jobs:run", "nxforge:jobs:manage"


async def _rows(ctx: CoreContext) -> list[dict[str, object]]:
    return [_row(each) for each in await list_jobs(ctx)]


def _row(job: JobState) -> dict[str, object]:
    last: object = ui.State(say("no run yet"))
    if job.last_state is not None:
        last = run_state(job.last_state)
    return {
        "key": f"{job.plugin}/{job.name}",
        "title": job_link(job.plugin, job.name, job.title),
        "plugin": job.plugin,
        "trigger": job.trigger,
        "next_slot": _next(job),
        "last": last,
        "run": run_link(job.last_run) if job.last_run is not None else "",
        "last_at": "" if job.last_at is None else job.last_at,
        "rate": "" if job.success_rate is None else job.success_rate,
        "median": "" if job.median_seconds is None else job.median_seconds,
    }


def _next(job: JobState) -> object:
    if not job.enabled:
        return ui.State(say("paused"), "warning")
    return "" if job.next_slot is None else job.next_slot


async def _strips(ctx: CoreContext) -> list[ui.Strip]:
    newest = await list_runs(ctx, limit=_NEWEST)
    found: dict[tuple[str, str], list[RunSummary]] = {}
    for run in newest:
        found.setdefault((run.plugin, run.job), []).append(run)
    jobs = await list_jobs(ctx)
    return [
        _strip(each, found[each.plugin, each.name][:_BEATS])
        for each in jobs
        if (each.plugin, each.name) in found
    ]


def _strip(job: JobState, runs: Sequence[RunSummary]) -> ui.Strip:
    last = run_state(runs[0].state, runs[0].outcome)
    return ui.Strip(
        job.title,
        [_beat(run) for run in reversed(runs)],
        level=last.level,
        state=last.text,
        link=job_link(job.plugin, job.name, job.title),
    )


def _beat(run: RunSummary) -> ui.Beat:
    state = run_state(run.state, run.outcome)
    return ui.Beat(state.level, run.slot, state.text)


async def run_now(ctx: CoreContext, keys: Sequence[str], reader: Caller) -> ui.Done:
    """Queue a run of each job."""
    started = [await run_job(ctx, reader.request, *_key(key)) for key in keys]
    words = ", ".join(str(each.id) for each in started)
    if len(started) == 1:
        run = started[0].id
        return ui.Done(
            say("Run {run} is queued.").format(run=run), link=run_link(run, "See it")
        )
    return ui.Done(say("Runs {words} are queued.").format(words=words))


async def pause(ctx: CoreContext, keys: Sequence[str], reader: Caller) -> ui.Done:
    """Let jobs run no more."""
    for key in keys:
        await change_job(ctx, reader.request, *_key(key), JobPatch(enabled=False))
    return ui.Done(say("Paused: {keys}.").format(keys=", ".join(keys)))


async def resume(ctx: CoreContext, keys: Sequence[str], reader: Caller) -> ui.Done:
    """Let jobs run again."""
    for key in keys:
        await change_job(ctx, reader.request, *_key(key), JobPatch(enabled=None))
    return ui.Done(say("Resumed: {keys}.").format(keys=", ".join(keys)))


def _key(key: str) -> tuple[str, str]:
    plugin, _, job = key.partition("/")
    if not job:
        raise InvalidInputError(field="key", value=key, remedy="give PLUGIN/JOB")
    return plugin, job


_DEEDS: Final = (
    ui.RowAction("run-now", say("Run now"), run_now, permission=_RUN),
    ui.RowAction(
        "pause",
        say("Pause"),
        pause,
        permission=_MANAGE,
        confirm=say("Pause {n}? Nothing runs by schedule or by hand until you resume."),
        many=True,
        single=False,
    ),
    ui.RowAction(
        "resume", say("Resume"), resume, permission=_MANAGE, many=True, single=False
    ),
)

JOBS_PAGE: Final = ui.Page(
    name="jobs",
    title=say("Jobs"),
    intro=say("What runs by itself, when, and how it goes."),
    icon="clock",
    permission="nxforge:jobs:read",
    links=(ui.Link(say("Runs"), "runs"),),
    body=(
        ui.Table(
            say("Jobs"),
            _rows,
            (
                ui.Column("title", say("Job"), sort=True),
                ui.Column("trigger", say("Schedule")),
                ui.Column("next_slot", say("Next run"), "age", sort=True),
                ui.Column("last", say("Last run")),
                ui.Column("last_at", say("When"), "age", sort=True),
                ui.Column("run", say("Seen at"), hidden=True),
                ui.Column("rate", say("Success"), "share", sort=True),
                ui.Column(
                    "median", say("Usually takes"), "duration", sort=True, hidden=True
                ),
                ui.Column("plugin", say("Plugin"), sort=True, hidden=True),
            ),
            key="key",
            search=True,
            actions=_DEEDS,
            live=("job.*", "module.*"),
            every=30,
            empty=say(
                "No enabled plugin has a job. A plugin adds one with nxforge_jobs."
            ),
        ),
        ui.StatusBar(
            say("Recent runs"),
            _strips,
            permission="nxforge:runs:read",
            live="job.*",
            empty=say("Nothing ran yet. Start a job above."),
        ),
    ),
)
