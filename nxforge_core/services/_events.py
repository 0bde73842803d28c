"""The steps between a log call and a line."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from structlog.processors import format_exc_info

from ._capture import LogLine, deliver, is_captured
from ._plain import one_line, plain_facts, safe_traceback
from ._scope import request_id, run_id

__all__ = [
    "Event",
    "PluginStamp",
    "captured",
    "cleaned",
    "level_number",
    "stamped",
    "wanted",
]

Event = MutableMapping[str, Any]

#: Written by the log itself: a fact of one of these names gets a `_` behind it.
_OWN: Final = frozenset(
    {"at", "level", "logger", "plugin", "request_id", "run_id", "event", "exception"}
    | {"_record", "_from_structlog"}
)


def level_number(level: str) -> int:
    """`info` as `logging.INFO`."""
    return logging.getLevelNamesMapping().get(level.upper(), logging.NOTSET)


def wanted(logger: Any, level: str, event: Event) -> Event:
    """Drop what neither the log nor a run wants, before any work is done for it."""
    number = level_number(level)
    if not (logger.isEnabledFor(number) or is_captured(number)):
        raise structlog.DropEvent
    return event


def cleaned(logger: Any, level: str, event: Event) -> Event:
    """Plain, redacted, one line each; the traceback as text."""
    error = {"exc_info": event.pop("exc_info", None)}
    words = str(event.pop("event", ""))
    facts = {
        f"{name}_" if name in _OWN else name: value for name, value in event.items()
    }
    clean: Event = {"event": one_line(words), **plain_facts(facts)}
    explained = format_exc_info(logger, level, error)
    if "exception" in explained:
        clean["exception"] = safe_traceback(explained["exception"])
    return clean


def stamped(
    event: Event, at: datetime, level: str, logger: str, plugin: str | None = None
) -> Event:
    """When, how bad, what, who, and for whom; then the facts."""
    belongs = {
        "logger": logger,
        "plugin": plugin,
        "request_id": request_id.get(),
        "run_id": run_id.get(),
    }
    return {
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": level,
        "event": event["event"],
        **{name: value for name, value in belongs.items() if value is not None},
        **event,
    }


class PluginStamp:
    """Stamps and captures the events of one plugin's log; None: of the host's."""

    def __init__(self, plugin: str | None) -> None:
        self._plugin = plugin

    def __call__(self, logger: Any, level: str, event: Event) -> Event:
        """Stamp the event, and hand it to the run it belongs to."""
        at = datetime.now(tz=UTC)
        captured(event, at, level)
        return stamped(event, at, level, logger.name, self._plugin)


def captured(event: Event, at: datetime, level: str) -> None:
    """Hand a cleaned event to the sink of this context."""
    number = level_number(level)
    if is_captured(number):
        facts = {name: value for name, value in event.items() if name != "event"}
        deliver(number, LogLine(at, level, event["event"], facts))
