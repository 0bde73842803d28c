"""The log a plugin is handed: structlog's chain on top of the standard loggers.

Nothing is configured by importing or by asking for a log. Where an embedding
application handles the records itself, they read `event name=value ...`.
"""

from __future__ import annotations

import logging
from typing import Any

import structlog

from nxforge_core.api import Log

from ._events import Event, PluginStamp, cleaned, level_number, wanted

__all__ = ["get_log"]


def get_log(plugin: str | None = None) -> Log:
    """A log of the plugin with this id, or of the host itself.

    Its lines carry the plugin, the request and the run they were written for. Facts
    are redacted; what has a secret's name is never written.
    """
    name = "nxforge" if plugin is None else f"nxforge.plugin.{plugin}"
    steps: list[Any] = [wanted, cleaned, PluginStamp(plugin), _handed_over]
    return _EventLog(logging.getLogger(name), steps, {})


class _EventLog(structlog.BoundLoggerBase):
    """`nxforge_core.api.Log`."""

    def debug(self, event: str, **facts: object) -> None:
        self._emit("debug", event, facts)

    def info(self, event: str, **facts: object) -> None:
        self._emit("info", event, facts)

    def warning(self, event: str, **facts: object) -> None:
        self._emit("warning", event, facts)

    def error(self, event: str, **facts: object) -> None:
        self._emit("error", event, facts)

    def exception(self, event: str, **facts: object) -> None:
        self._emit("error", event, {**facts, "exc_info": True})

    def _emit(self, level: str, event: str, facts: dict[str, Any]) -> None:
        try:
            args, keywords = self._process_event(level, event, facts)
        except structlog.DropEvent:
            return
        self._logger.log(level_number(level), *args, **keywords)


class _ReadableEvent(dict[str, Any]):
    """What foreign formatters print: they call `str` on a record's message."""

    def __str__(self) -> str:
        own = ("event", "at", "level", "logger")
        facts = (f"{name}={value!r}" for name, value in self.items() if name not in own)
        return " ".join((str(self["event"]), *facts))


def _handed_over(
    logger: Any, level: str, event: Event
) -> tuple[tuple[Event], dict[str, Any]]:
    if not logger.isEnabledFor(level_number(level)):
        raise structlog.DropEvent  # only a run wanted it, and has it by now
    # The two names by which structlog's ProcessorFormatter knows its own records.
    extra = {"_logger": logger, "_name": level}
    return (_ReadableEvent(event),), {"extra": extra}
