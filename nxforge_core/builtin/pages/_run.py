"""One run: what became of it, why, and its log as it goes on."""

from __future__ import annotations

from typing import Final, Literal

from nxforge_core.api import RunId, load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._runs import (
    RerunRequest,
    cancel_run,
    list_shards,
    rerun,
    show_run,
)
from nxforge_core.jobs import RunDetail

from ._run_log import ERRORS, LOG
from ._runs import run_row
from ._words import as_json, job_link, number_in, run_link, run_state

__all__ = ["RUN_PAGE"]

say = load_texts("nxforge_core")


async def _run(ctx: CoreContext, params: ui.Params) -> RunDetail:
    return await show_run(ctx, number_in(params, "id"))


async def _figures(ctx: CoreContext, params: ui.Params) -> list[ui.Figure]:
    run = await _run(ctx, params)
    state = run_state(run.state, run.outcome)
    _, _, why = run.why.partition(": ")
    asked = f"by {run.asked_by}" if run.asked_by else ""
    figures = (await ctx.host.statistics.of_job(run.plugin, run.job)).median_seconds
    usual = "" if figures is None else f"usually {figures:.2f} s"
    return [
        ui.Figure(
            say("Run {id}").format(id=run.id), state.text, hint=why, level=state.level
        ),
        ui.Figure(say("Took"), run.seconds, "s", hint=usual, places=2),
        ui.Figure(
            say("Attempt"),
            run.attempt,
            hint=say("{tries} failed so far").format(tries=run.tries),
        ),
        ui.Figure(say("Because of"), run.trigger, hint=asked),
    ]


async def _facts(ctx: CoreContext, params: ui.Params) -> list[ui.Fact]:
    run = await _run(ctx, params)
    facts = [
        ui.Fact(say("Job"), job_link(run.plugin, run.job)),
        ui.Fact(say("Plugin"), run.plugin),
        ui.Fact(say("Due"), run.due_at or run.slot, "time"),
        ui.Fact(say("Queued"), run.queued_at, "time"),
        ui.Fact(say("Began"), run.started_at or "not yet", "time"),
        ui.Fact(say("Ended"), run.finished_at or "not yet", "time"),
        ui.Fact(say("On"), run.worker or "no worker yet"),
        ui.Fact(say("Parameters"), as_json(run.params or {}), "code"),
    ]
    if run.rerun_of is not None:
        facts.append(ui.Fact(say("Repeats"), run_link(run.rerun_of)))
    if run.parent is not None:
        facts.append(
            ui.Fact(
                say("Shard {shard} of").format(shard=run.shard), run_link(run.parent)
            )
        )
    if run.cancelled_by is not None:
        facts.append(ui.Fact(say("Ended by"), run.cancelled_by))
    if run.memory_growth is not None:
        grown = run.memory_growth / 1_000_000
        facts.append(ui.Fact(say("Memory grew by"), grown, "number", "MB", 1))
    return facts


async def _result(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    result = (await _run(ctx, params)).result
    if result is None:
        return []
    return [{"what": name, "value": value} for name, value in _flat("", result)]


def _flat(name: str, value: object) -> list[tuple[str, object]]:
    """Members of members by their path; what is no object or list is a value."""
    if isinstance(value, dict) and value:
        members = [(str(key), each) for key, each in value.items()]
    elif isinstance(value, list) and value:
        members = [(str(place), each) for place, each in enumerate(value, 1)]
    else:
        plain = value if isinstance(value, int | float | str) else as_json(value)
        return [(name or "result", plain)]
    return [
        found for key, each in members for found in _flat(f"{name} {key}".strip(), each)
    ]


async def _attempts(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    run = await _run(ctx, params)
    return [
        {
            "attempt": each.attempt,
            "state": run_state(each.state, note=each.note),
            "worker": each.worker or "",
            "started_at": each.started_at or "",
            "seconds": "" if each.seconds is None else each.seconds,
        }
        for each in run.attempts
    ]


async def _shards(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    return [run_row(each) for each in await list_shards(ctx, number_in(params, "id"))]


async def _cancel(ctx: CoreContext, params: ui.Params, reader: Caller) -> ui.Done:
    run = await cancel_run(ctx, reader.request, number_in(params, "id"))
    return ui.Done(
        say("Run {id} is {text}; it ends soon.").format(
            id=run.id, text=run_state(run.state).text
        )
        if run.finished_at is None
        else say("Run {id} is cancelled.").format(id=run.id)
    )


async def _again(ctx: CoreContext, params: ui.Params, reader: Caller) -> ui.Done:
    return await _repeat(ctx, params, reader, "all")


async def _failed(ctx: CoreContext, params: ui.Params, reader: Caller) -> ui.Done:
    return await _repeat(ctx, params, reader, "failed")


async def _repeat(
    ctx: CoreContext,
    params: ui.Params,
    reader: Caller,
    only: Literal["all", "failed"],
) -> ui.Done:
    run = RunId(number_in(params, "id"))
    made = await rerun(ctx, reader.request, run, RerunRequest(only=only))
    return ui.Done(say("Run {id} is queued.").format(id=made.id), go=run_link(made.id))


_DEEDS: Final = (
    ui.Action(
        say("Re-run"),
        _again,
        permission="nxforge:jobs:run",
        width="third",
        style="primary",
    ),
    ui.Action(
        say("Re-run what failed"), _failed, permission="nxforge:jobs:run", width="third"
    ),
    ui.Action(
        say("Cancel"),
        _cancel,
        confirm=say("End this run? What it did so far stays."),
        permission="nxforge:runs:cancel",
        style="danger",
        width="third",
    ),
)
_TABLES: Final = (
    ui.Table(
        say("Result"),
        _result,
        (ui.Column("what", say("What")), ui.Column("value", say("Value"))),
        search=True,
        width="half",
        live="job.*",
        empty=say("It told no result."),
    ),
    ui.Table(
        say("Attempts"),
        _attempts,
        (
            ui.Column("attempt", say("Attempt"), "number"),
            ui.Column("state", say("State")),
            ui.Column("started_at", say("Began"), "age"),
            ui.Column("seconds", say("Took"), "duration"),
            ui.Column("worker", say("On")),
        ),
        csv=False,
        live="job.*",
        empty=say("Nobody tried it yet."),
    ),
    ui.Table(
        say("Shards"),
        _shards,
        (
            ui.Column("shard", say("Shard"), "number", sort=True),
            ui.Column("id", say("Run")),
            ui.Column("state", say("State"), sort=True),
            ui.Column("seconds", say("Took"), "duration", sort=True),
        ),
        search=True,
        live="job.*",
        empty=say("It was done in one piece."),
    ),
)

RUN_PAGE: Final = ui.Page(
    name="run",
    title=say("Run"),
    menu=False,
    permission="nxforge:runs:read",
    links=(ui.Link(say("All runs"), "runs"),),
    body=(
        ui.Stats(say("Now"), _figures, live="job.*", every=5),
        *_DEEDS,
        LOG,
        ui.Detail(say("About it"), _facts, width="half", live="job.*"),
        _TABLES[0],
        ERRORS,
        *_TABLES[1:],
    ),
)
