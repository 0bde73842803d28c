"""When jobs are due, that they run exactly once, and what became of them.

APScheduler decides when, a row that is unique for each slot decides that, Procrastinate
delivers to the workers of all processes. The row is the truth.
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
from ._fence import grant_fence
from ._filters import LEVELS, RunFilter
from ._follow import (
    FollowEnded,
    LineLogged,
    Progressed,
    RunEvent,
    StateChanged,
    follow,
)
from ._job import Job
from ._job_detail import JobChange, JobDetail, JobValues
from ._meters import JobMeters
from ._options import EngineOptions
from ._override import JobPatch, Override, RetryPatch
from ._overrides import Overrides
from ._plans import Plans
from ._queue import Queue
from ._records import (
    AttemptState,
    EngineHealth,
    EngineState,
    JobState,
    RunAttempt,
    RunDetail,
    RunLine,
    RunState,
    RunSummary,
    RunTrigger,
    ShardCount,
)
from ._registry import JobSource, Registry
from ._runs import Pulse, Runs
from ._slots import check_trigger, next_slots
from ._statistics import JobStatistics, JobUsage, Statistics
from ._words import trigger_words

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
