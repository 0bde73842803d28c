"""What the engine tells of jobs and runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from nxforge_core.api import JobName, PluginId, RunId

__all__ = [
    "AttemptState",
    "EngineHealth",
    "EngineState",
    "JobState",
    "RunAttempt",
    "RunDetail",
    "RunLine",
    "RunState",
    "RunSummary",
    "RunTrigger",
    "ShardCount",
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
RunTrigger = Literal["schedule", "catch-up", "manual", "shard"]
AttemptState = Literal[RunState, "given_back", "passed_on"]
EngineState = Literal["starting", "running", "failing", "stopped"]


class JobState(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One job as a list shows it.

    Attributes:
        trigger: When it runs, in words.
        next_slot: None for a job on demand or switched off.
        enabled: Whether it may run at all.
        overridden: Names of what an operator changed.
        last_run: None before the first run, or when history was cleaned up.
        last_at: When that run ended, began or was queued.
        success_rate: See `JobStatistics`, as are the seconds.
    """

    plugin: PluginId
    name: JobName
    title: str
    trigger: str
    next_slot: datetime | None
    enabled: bool = True
    overridden: tuple[str, ...] = ()
    last_run: RunId | None = None
    last_state: RunState | None = None
    last_at: datetime | None = None
    success_rate: float | None = None
    median_seconds: float | None = None
    p95_seconds: float | None = None


class RunSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One run as a list shows it.

    Attributes:
        slot: The scheduled instant, or the instant a manual run was asked for; of a
            shard that of its parent.
        shard: From 1 on; 0 for a run that is none.
        parent: The run that fanned out into this shard.
        trigger: `schedule`, `catch-up` (a missed slot), `manual` or `shard`.
        rerun_of: The run that this one repeats.
        outcome: What the handler reported; None before that.
        note: Why it was skipped, misfired, lost or given back.
        due_at: The slot plus the job's jitter.
        late: Seconds from then to the first attempt.
        seconds: How long the last attempt took, by a clock that never goes back.
    """

    id: RunId
    plugin: PluginId
    job: JobName
    slot: datetime
    shard: int
    parent: RunId | None
    trigger: RunTrigger
    asked_by: str | None
    rerun_of: RunId | None
    state: RunState
    outcome: Literal["ok", "partial", "failed", "idle"] | None
    note: str | None
    attempt: int
    due_at: datetime | None
    late: float | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None


class RunAttempt(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One attempt of a run.

    Attributes:
        state: How it ended or, of the last one, the state of the run; `given_back` by
            a worker that stopped, `passed_on` by one that lacks the plugin.
        started_at: None where no worker took it.
        error: type, message, traceback.
    """

    attempt: int
    state: AttemptState
    worker: str | None
    started_at: datetime | None
    ended_at: datetime | None
    seconds: float | None
    error: object
    note: str | None


class ShardCount(msgspec.Struct, frozen=True, kw_only=True):
    """How far the shards of a run are.

    Attributes:
        done: Those that ended, whichever way.
        states: How many are in which state.
    """

    total: int
    done: int
    states: Mapping[str, int]


class RunDetail(RunSummary, frozen=True, kw_only=True, rename="camel"):
    """Everything about one run but its log.

    Attributes:
        why: The state in one sentence.
        tries: Attempts that failed so far.
        losses: Attempts whose worker vanished.
        error: type, message, traceback of the last failed attempt.
        progress: done, total, text as last reported.
        again: Parameters that repeat just what failed, as the handler named them.
        lines: Number of the last log line; the oldest middle may be cut.
        begins_at: When a queued attempt begins, where that is not at once.
        attempts: All of them, the current one last.
        shards: None for a run that did not fan out.
        memory_growth: Bytes the process had more of after the last attempt.
        file_growth: Open files and sockets it had more of.
        thread_growth: Threads it had more of.
    """

    why: str
    tries: int
    losses: int
    worker: str | None
    params: object
    result: object
    error: object
    progress: object
    again: object
    lines: int
    cancelled_by: str | None
    begins_at: datetime | None
    attempts: list[RunAttempt]
    shards: ShardCount | None
    memory_growth: int | None
    file_growth: int | None
    thread_growth: int | None


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
