"""Everything logged inside a block, to a sink: how a run gets its own log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias

import msgspec

__all__ = ["LogLine", "Sink", "capture_lines", "deliver", "is_captured"]


class LogLine(msgspec.Struct, frozen=True):
    """One line of a run's log; redacted, and ready for JSON.

    Attributes:
        level: `debug`, `info`, `warning`, `error` or `critical`.
        facts: With `exception`, the traceback, where there was one.
    """

    at: datetime
    level: str
    event: str
    facts: Mapping[str, object]


Sink: TypeAlias = Callable[[LogLine], None]


class _Capture(NamedTuple):
    sink: Sink
    level: int


_capture: Final[ContextVar[_Capture | None]] = ContextVar("capture", default=None)


@contextmanager
def capture_lines(sink: Sink, *, level: int = logging.INFO) -> Iterator[None]:
    """Hand every line logged inside the block to `sink` as well.

    Follows tasks and threads that inherit the context. What libraries log through
    `logging` is included once `configure_logging` was called, from its level up;
    what plugins log through `Log` always is.

    Args:
        sink: Called at once, maybe from another thread; must be quick and not raise.
        level: From this level up, whatever the level of the host's own log is.
    """
    token = _capture.set(_Capture(sink, level))
    try:
        yield
    finally:
        _capture.reset(token)


def is_captured(level: int) -> bool:
    """Whether a line of this level has a sink here."""
    capture = _capture.get()
    return capture is not None and level >= capture.level


def deliver(level: int, line: LogLine) -> None:
    """Hand a line to the sink of this context, if there is one for its level."""
    capture = _capture.get()
    if capture is not None and level >= capture.level:
        capture.sink(line)
