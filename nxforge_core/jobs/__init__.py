"""When jobs are due, that they run exactly once, and what became of them.

APScheduler decides when, a row that is unique for each slot decides that, Procrastinate
delivers to the workers of all processes. The row is the truth.

From below: `triggers` knows slots, `catalog` the jobs there are, `delivery` the queue
and its workers; `firing` queues runs, `work` does them, `upkeep` cleans up after lost
ones, and `reading` tells of all of it.
"""

from __future__ import annotations

from ._engine import Engine
from ._errors import (
    FencedError,
    HandlerExitError,
    InvalidCronError,
    JobBusyError,
    JobDisabledError,
    NestedFanOutError,
    NothingFailedError,
    QueueSchemaError,
    RunEndedError,
    RunFinishedError,
    RunUnfinishedError,
    ShardLimitError,
    ShardParamsError,
)
from ._meters import JobMeters
from ._options import EngineOptions
from ._queue import Queue
from .catalog import Job, JobPatch, JobSource, Override, Overrides, Registry, RetryPatch
from .reading import (
    LEVELS,
    AttemptState,
    EngineHealth,
    EngineState,
    FollowEnded,
    JobChange,
    JobDetail,
    JobState,
    JobStatistics,
    JobUsage,
    JobValues,
    LineLogged,
    Pause,
    Plans,
    Progressed,
    Pulse,
    RunAttempt,
    RunDetail,
    RunEvent,
    RunFilter,
    RunLine,
    Runs,
    RunState,
    RunSummary,
    RunTrigger,
    ShardCount,
    StateChanged,
    Statistics,
    follow,
)
from .triggers import check_trigger, next_slots, trigger_words
from .work import grant_fence

__all__ = [
    "LEVELS",
    "AttemptState",
    "Engine",
    "EngineHealth",
    "EngineOptions",
    "EngineState",
    "FencedError",
    "FollowEnded",
    "HandlerExitError",
    "InvalidCronError",
    "Job",
    "JobBusyError",
    "JobChange",
    "JobDetail",
    "JobDisabledError",
    "JobMeters",
    "JobPatch",
    "JobSource",
    "JobState",
    "JobStatistics",
    "JobUsage",
    "JobValues",
    "LineLogged",
    "NestedFanOutError",
    "NothingFailedError",
    "Override",
    "Overrides",
    "Pause",
    "Plans",
    "Progressed",
    "Pulse",
    "Queue",
    "QueueSchemaError",
    "Registry",
    "RetryPatch",
    "RunAttempt",
    "RunDetail",
    "RunEndedError",
    "RunEvent",
    "RunFilter",
    "RunFinishedError",
    "RunLine",
    "RunState",
    "RunSummary",
    "RunTrigger",
    "RunUnfinishedError",
    "Runs",
    "ShardCount",
    "ShardLimitError",
    "ShardParamsError",
    "StateChanged",
    "Statistics",
    "check_trigger",
    "follow",
    "grant_fence",
    "next_slots",
    "trigger_words",
]
