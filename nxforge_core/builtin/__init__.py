"""Plugin zero: the core's own routes, pages and tables, through the public hooks."""

from __future__ import annotations

from ._context import (
    CheckResult,
    CoreContext,
    Host,
    PluginWord,
    Readiness,
    Stored,
)
from ._reserved import RESERVED_IDS
from ._security import Security
from ._shared import SharedAnswers
from ._streams import LiveStreams, StreamAnswer, TooManyStreamsError
from ._telling import open_stream
from ._told import job_change

__all__ = [
    "RESERVED_IDS",
    "CheckResult",
    "CoreContext",
    "Host",
    "LiveStreams",
    "PluginWord",
    "Readiness",
    "Security",
    "SharedAnswers",
    "Stored",
    "StreamAnswer",
    "TooManyStreamsError",
    "job_change",
    "open_stream",
]
