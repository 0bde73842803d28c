"""What a context offers: guarded HTTP, the clock, the log."""

from __future__ import annotations

from ._address import AddressPolicy
from ._beside import beside
from ._capture import LogLine, Sink, capture_lines
from ._clock import SystemClock
from ._configure import LogFormat, LogLevel, configure_logging
from ._errors import HttpClosedError, OutboundAnswerError, OutboundRedirectError
from ._http import GuardedHttp
from ._licence import licensed_browser
from ._log import get_log
from ._names import Lookup
from ._scope import job_name, request_id, run_id
from ._stall import Frame, Stall
from ._watchdog import LoopWatchdog

__all__ = [
    "AddressPolicy",
    "Frame",
    "GuardedHttp",
    "HttpClosedError",
    "LogFormat",
    "LogLevel",
    "LogLine",
    "Lookup",
    "LoopWatchdog",
    "OutboundAnswerError",
    "OutboundRedirectError",
    "Sink",
    "Stall",
    "SystemClock",
    "beside",
    "capture_lines",
    "configure_logging",
    "get_log",
    "job_name",
    "licensed_browser",
    "request_id",
    "run_id",
]
