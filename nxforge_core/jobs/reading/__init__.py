"""What the record tells: jobs, runs, their lines, why, and how often."""

from __future__ import annotations

from ._filters import LEVELS, RunFilter
from ._follow import (
    FollowEnded,
    LineLogged,
    Pause,
    Progressed,
    RunEvent,
    StateChanged,
    follow,
)
from ._job_detail import JobChange, JobDetail, JobValues
from ._plans import Plans
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
from ._runs import Pulse, Runs
from ._statistics import JobStatistics, JobUsage, Statistics

__all__ = [
    "LEVELS",
    "AttemptState",
    "EngineHealth",
    "EngineState",
    "FollowEnded",
    "JobChange",
    "JobDetail",
    "JobState",
    "JobStatistics",
    "JobUsage",
    "JobValues",
    "LineLogged",
    "Pause",
    "Plans",
    "Progressed",
    "Pulse",
    "RunAttempt",
    "RunDetail",
    "RunEvent",
    "RunFilter",
    "RunLine",
    "RunState",
    "RunSummary",
    "RunTrigger",
    "Runs",
    "ShardCount",
    "StateChanged",
    "Statistics",
    "follow",
]
