"""Why a run is in the state it is in, in one sentence for an operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from ._records import RunDetail, RunState

__all__ = ["explain"]


def explain(run: RunDetail) -> str:
    """Say why: `skipped: run 17 was not finished`, `waiting: 3 of 10 shards ended`."""
    words = _WORDS[run.state](run)
    return f"{run.state.replace('_', ' ')}: {words}"


def _queued(run: RunDetail) -> str:
    if run.attempt == 1:
        if run.begins_at is not None:
            return f"begins at {_time(run.begins_at)}"
        return f"waits for a worker since {_time(run.queued_at)}"
    begins = f"attempt {run.attempt} begins"
    when = "at once" if run.begins_at is None else f"at {_time(run.begins_at)}"
    return f"{begins} {when}{_because(run)}"


def _running(run: RunDetail) -> str:
    since = "" if run.started_at is None else f" since {_time(run.started_at)}"
    text = f"attempt {run.attempt} on {run.worker or 'a worker'}{since}"
    if isinstance(run.progress, dict):
        done, total = run.progress.get("done"), run.progress.get("total")
        text += f", {done} of {total} done"
    if run.cancelled_by is not None:
        text += f"; {run.cancelled_by} asked for its end"
    return text


def _waiting(run: RunDetail) -> str:
    if run.shards is None:
        return "its shards are being made"
    return f"{run.shards.done} of {run.shards.total} shards ended"


def _succeeded(run: RunDetail) -> str:
    match run.outcome:
        case "idle":
            return "nothing was due"
        case "partial":
            return _shards(run) or "some items failed"
    return _shards(run) or f"everything worked{_tries(run)}"


def _failed(run: RunDetail) -> str:
    if run.shards is not None:
        return _shards(run)
    if run.outcome == "failed":
        return "the handler says that every item failed"
    return f"{_error(run)}{_tries(run)}"


def _timed_out(run: RunDetail) -> str:
    return f"{_error(run)}{_tries(run)}{_because(run)}"


def _cancelled(run: RunDetail) -> str:
    when = "before it began" if run.started_at is None else "after it began"
    return f"by {run.cancelled_by or 'somebody'} {when}"


def _skipped(run: RunDetail) -> str:
    return run.note or "the job was busy"


def _misfired(run: RunDetail) -> str:
    return run.note or "nobody could run this slot in time"


def _lost(run: RunDetail) -> str:
    times = "once" if run.losses == 1 else f"{run.losses} times"
    return f"its worker vanished {times}{_because(run)}"


def _shards(run: RunDetail) -> str:
    if run.shards is None:
        return ""
    good = run.shards.states.get("succeeded", 0)
    return f"{good} of {run.shards.total} shards succeeded"


def _error(run: RunDetail) -> str:
    if not isinstance(run.error, dict):
        return run.note or "no error was stored"
    message = str(run.error.get("message", "")).partition("\n")[0]
    kind = str(run.error.get("type", "error"))
    return f"{kind}: {message}" if message else kind


def _tries(run: RunDetail) -> str:
    # The last try is not counted by the run: it ended the run.
    return f", at try {run.tries + 1}" if run.tries else ""


def _because(run: RunDetail) -> str:
    return f" ({run.note})" if run.note else ""


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


_WORDS: Final[Mapping[RunState, Callable[[RunDetail], str]]] = {
    "queued": _queued,
    "running": _running,
    "waiting": _waiting,
    "succeeded": _succeeded,
    "failed": _failed,
    "timed_out": _timed_out,
    "cancelled": _cancelled,
    "skipped": _skipped,
    "misfired": _misfired,
    "lost": _lost,
}
