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
    QueueSchemaError,
)
from ._fence import grant_fence
from ._job import Job
from ._options import EngineOptions
from ._queue import Queue
from ._records import (
    EngineHealth,
    EngineState,
    JobState,
    RunDetail,
    RunLine,
    RunState,
    RunSummary,
)
from ._registry import Registry
from ._runs import Runs
from ._slots import check_trigger, next_slots
from ._words import trigger_words

__all__ = [
    "Engine",
    "EngineHealth",
    "EngineOptions",
    "EngineState",
    "FencedError",
    "HandlerExitError",
    "InvalidCronError",
    "Job",
    "JobBusyError",
    "JobState",
    "Queue",
    "QueueSchemaError",
    "Registry",
    "RunDetail",
    "RunLine",
    "RunState",
    "RunSummary",
    "Runs",
    "check_trigger",
    "grant_fence",
    "next_slots",
    "trigger_words",
]
