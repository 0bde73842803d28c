"""What a run logged, and how its attempts failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._runs import show_run, show_run_logs
from nxforge_core.jobs import RunAttempt, RunLine

from ._words import as_json, number_in

__all__ = ["ERRORS", "LOG"]

say = load_texts("nxforge_core")

_MOST: Final = 1000


async def _log(ctx: CoreContext, params: ui.Params) -> ui.LogLines:
    run = await show_run(ctx, number_in(params, "id"))
    before = max(0, run.lines - _MOST)
    path = f"/api/v1/runs/{run.id}"
    return ui.LogLines(
        [_line(each) for each in await show_run_logs(ctx, run.id, before)],
        follow=f"{path}/events" if run.finished_at is None else "",
        raw=f"{path}/logs",
        cut=before > 0,
    )


def _line(line: RunLine) -> ui.LogLine:
    return ui.LogLine(
        line.event,
        line.at,
        cast("ui.LogLevel", line.level),
        line.line,
        as_json(line.facts) if line.facts else "",
    )


async def _errors(ctx: CoreContext, params: ui.Params) -> Sequence[ui.LogLine]:
    run = await show_run(ctx, number_in(params, "id"))
    return [_error(each) for each in run.attempts if isinstance(each.error, dict)]


def _error(attempt: RunAttempt) -> ui.LogLine:
    error = cast("dict[str, Any]", attempt.error)
    words = f"{error.get('type', 'error')}: {error.get('message', '')}"
    return ui.LogLine(
        f"attempt {attempt.attempt}: {words}",
        attempt.ended_at,
        "error",
        detail=str(error.get("traceback") or ""),
    )


LOG: Final = ui.Logs(say("Log"), _log, empty=say("It logged nothing yet."))
ERRORS: Final = ui.Logs(
    say("Errors"), _errors, live="job.*", empty=say("No attempt failed with an error.")
)
