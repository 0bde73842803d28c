"""What ran, what runs, and how it ended."""

from __future__ import annotations

from functools import partial
from typing import Final, get_args

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._runs import list_runs
from nxforge_core.jobs import RunState, RunSummary, RunTrigger

from ._words import job_link, page_of, run_link, run_state

__all__ = ["RUNS_PAGE", "run_row", "runs_table"]

say = load_texts("nxforge_core")

_READ: Final = "nxforge:runs:read"
_STATES: Final[tuple[str, ...]] = get_args(RunState)
_TRIGGERS: Final[tuple[str, ...]] = get_args(RunTrigger)


async def _rows(ctx: CoreContext, query: ui.Query, params: ui.Params) -> ui.Rows:
    state = query.filters.get("state")
    find = partial(
        list_runs,
        ctx,
        plugin=params.get("plugin"),
        job=params.get("job"),
        run_state=[state] if state else None,  # type: ignore[list-item]  # judged there
        trigger=query.filters.get("trigger"),  # type: ignore[arg-type]  # judged there
    )
    return await page_of(query, lambda limit: find(limit=limit), run_row)


def run_row(run: RunSummary) -> dict[str, object]:
    """A run as tables show it."""
    return {
        "id": run_link(run.id),
        "job": job_link(run.plugin, run.job),
        "plugin": run.plugin,
        "state": run_state(run.state, run.outcome, run.note),
        "trigger": say(run.trigger),
        "by": run.asked_by or "",
        "queued_at": run.queued_at,
        "seconds": "" if run.seconds is None else run.seconds,
        "attempt": run.attempt,
        "late": "" if run.late is None else run.late,
        "shard": run.shard,
    }


def runs_table(title: str) -> ui.Table:
    """A table of runs: of the plugin and the job that the address names."""
    return ui.Table(
        title,
        _rows,
        (
            ui.Column("id", say("Run")),
            ui.Column("job", say("Job")),
            ui.Column("state", say("State")),
            ui.Column("queued_at", say("When"), "age"),
            ui.Column("seconds", say("Took"), "duration"),
            ui.Column("trigger", say("Because of")),
            ui.Column("by", say("Asked by")),
            ui.Column("plugin", say("Plugin"), hidden=True),
            ui.Column("attempt", say("Attempt"), "number", hidden=True),
            ui.Column("late", say("Late by"), "duration", hidden=True),
        ),
        name="runs",
        filters=(
            ui.Filter(
                "state",
                say("State"),
                [(each, say(each.replace("_", " "))) for each in _STATES],
            ),
            ui.Filter(
                "trigger", say("Because of"), [(each, say(each)) for each in _TRIGGERS]
            ),
        ),
        permission=_READ,
        live="job.*",
        empty=say("No run yet. Start a job with 'Run now' on the page of jobs."),
    )


async def _choices(ctx: CoreContext, params: ui.Params) -> list[ui.Choice]:
    jobs = await ctx.host.plans.find_all()
    plugin, job = params.get("plugin", ""), params.get("job", "")
    plugins = sorted({each.plugin for each in jobs})
    found = [
        ui.Choice(
            say("Plugin"),
            [
                ui.Link(say("All"), "runs"),
                *(ui.Link(each, "runs", {"plugin": each}) for each in plugins),
            ],
            plugin or "All",
        )
    ]
    if plugin in plugins:
        own = sorted(each.name for each in jobs if each.plugin == plugin)
        links = [ui.Link(each, "runs", {"plugin": plugin, "job": each}) for each in own]
        every = ui.Link(say("All"), "runs", {"plugin": plugin})
        found.append(ui.Choice(say("Job"), [every, *links], job or "All"))
    return found


RUNS_PAGE: Final = ui.Page(
    name="runs",
    title=say("Runs"),
    intro=say("What jobs did, newest first."),
    icon="log",
    permission=_READ,
    links=(ui.Link(say("Jobs"), "jobs"),),
    body=(ui.Choices(say("Of"), _choices), runs_table(say("Runs"))),
)
