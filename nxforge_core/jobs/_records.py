"""What the engine tells of jobs and runs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from nxforge_core.api import JobName, PluginId, RunId

__all__ = [
    "EngineHealth",
    "EngineState",
    "JobState",
    "RunDetail",
    "RunLine",
    "RunState",
    "RunSummary",
]

RunState = Literal[
    "queued",
    "running",
    "waiting",
    "succeeded",
    "failed",
    "timed_out",
    "cancelled",
    "skipped",
    "misfired",
    "lost",
]
EngineState = Literal["starting", "running", "failing", "stopped"]


class JobState(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One job as a list shows it.

    Attributes:
        trigger: When it runs, in words.
        next_slot: None for a job on demand.
        last_run: None before the first run, or when history was cleaned up.
        last_at: When that run ended, began or was queued.
    """

    plugin: PluginId
    name: JobName
    title: str
    trigger: str
    next_slot: datetime | None
    last_run: RunId | None = None
    last_state: RunState | None = None
    last_at: datetime | None = None


class RunSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One run as a list shows it.

    Attributes:
        slot: The scheduled instant, or the instant a manual run was asked for.
        trigger: `schedule`, `catch-up` (a missed slot) or `manual`.
        outcome: What the handler reported; None before that.
        note: Why it was skipped, misfired, lost or given back.
        seconds: How long the last attempt took, by a clock that never goes back.
    """

    id: RunId
    plugin: PluginId
    job: JobName
    slot: datetime
    trigger: Literal["schedule", "catch-up", "manual"]
    asked_by: str | None
    state: RunState
    outcome: Literal["ok", "partial", "failed", "idle"] | None
    note: str | None
    attempt: int
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None


class RunDetail(RunSummary, frozen=True, kw_only=True, rename="camel"):
    """Everything about one run but its log.

    Attributes:
        tries: Attempts that failed so far.
        losses: Attempts whose worker vanished.
        error: type, message, traceback of the last failed attempt.
        progress: done, total, text as last reported.
        lines: Number of the last log line; the oldest middle may be cut.
    """

    tries: int
    losses: int
    worker: str | None
    params: object
    result: object
    error: object
    progress: object
    lines: int


class RunLine(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One line of a run's log. Numbers that are missing were cut."""

    line: int
    attempt: int
    at: datetime
    level: str
    event: str
    facts: object


class EngineHealth(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How the engine of this process is.

    Attributes:
        detail: Why it is failing.
        running: Runs in this process now.
        abandoned: Handlers that ignored their cancellation and still run.
    """

    state: EngineState
    detail: str
    running: int
    abandoned: int
