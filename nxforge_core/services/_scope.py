"""What a log line belongs to. Context variables follow tasks and `to_thread`."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

__all__ = ["job_name", "request_id", "run_id"]

#: Plugin and name of the job being run; None outside of one.
job_name: Final[ContextVar[tuple[str, str] | None]] = ContextVar(
    "job_name", default=None
)
#: The HTTP request being answered; None outside of one.
request_id: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
#: The job run being worked for; None outside of one.
run_id: Final[ContextVar[int | None]] = ContextVar("run_id", default=None)
