"""One format and one level for everything this process logs."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, Final, Literal, TextIO, TypeAlias

import msgspec
import structlog
from structlog.stdlib import ProcessorFormatter

from ._events import Event, captured, cleaned, stamped

__all__ = ["LogFormat", "LogLevel", "configure_logging"]

LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]
LogFormat: TypeAlias = Literal["console", "json"]

_MACHINERY: Final = ("apscheduler", "procrastinate", "uvicorn", "yoyo")


def configure_logging(level: LogLevel, format: LogFormat, stream: TextIO) -> None:  # noqa: A002 - the setting's name
    """Send everything logged in this process to `stream`, redacted.

    For whoever owns the process: the command line calls it once, an embedding
    application only if it wants to. Replaces the root logger's handlers; loggers
    that were given handlers of their own keep them, so servers must be started
    without a log configuration of theirs (uvicorn: `log_config=None`).

    Args:
        level: Of the root logger, so of every library that does not set its own.
        format: `json` is one object a line, `console` is for people.
        stream: Colours are used if it is a terminal.
    """
    lines = logging.StreamHandler(stream)
    lines.setFormatter(_formatter(format, colours=stream.isatty()))
    root = logging.getLogger()
    for handler in (*root.handlers,):
        root.removeHandler(handler)
    root.addHandler(lines)
    root.addHandler(_RunHandler())
    root.setLevel(level.upper())
    # What the machinery says of every beat is for whoever asks for debug.
    quiet = logging.NOTSET if level == "debug" else logging.WARNING
    for name in _MACHINERY:
        logging.getLogger(name).setLevel(quiet)
    # It warns of each connection that was closed on purpose, at every stop.
    pool = logging.NOTSET if level == "debug" else logging.ERROR
    logging.getLogger("psycopg.pool").setLevel(pool)


def _formatter(format: LogFormat, *, colours: bool) -> ProcessorFormatter:  # noqa: A002 - as above
    finish: list[Any] = [ProcessorFormatter.remove_processors_meta]
    finish += [_json] if format == "json" else [_indented, _console(colours=colours)]
    return ProcessorFormatter(
        processors=finish, foreign_pre_chain=[_foreign], use_get_message=True
    )


def _console(*, colours: bool) -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(
        colors=colours,
        timestamp_key="at",
        exception_formatter=structlog.dev.plain_traceback,
    )


def _json(_logger: object, _level: str, event: Event) -> str:
    return msgspec.json.encode(event).decode()


def _indented(_logger: object, _level: str, event: Event) -> Event:
    """A traceback quotes foreign text: indented it cannot pass for a line of ours.

    The console prints these two facts below the line, and takes nothing but text.
    """
    for fact in ("stack", "exception"):
        if said := event.pop(fact, None):
            parts = said if isinstance(said, list) else [said]
            lines = "\n".join(map(str, parts)).splitlines()
            event[fact] = "\n".join(f"    | {line}" for line in lines)
    return event


def _foreign(logger: Any, level: str, event: Event) -> Event:
    """What a library logged, in the shape of our own events."""
    record: logging.LogRecord = event["_record"]
    said = {"event": event["event"], "exc_info": event.get("exc_info")}
    clean = stamped(cleaned(logger, level, said), _instant(record), level, record.name)
    clean.update(_record=record, _from_structlog=False)
    return clean


class _RunHandler(logging.Handler):
    """Hands what libraries log inside a run to the run's own log."""

    def emit(self, record: logging.LogRecord) -> None:
        if hasattr(record, "_logger"):
            return  # an event of ours: captured before the level was looked at
        try:
            said = {"event": record.getMessage(), "exc_info": record.exc_info}
            event = cleaned(None, record.levelname.lower(), said)
            event["logger"] = record.name
            captured(event, _instant(record), record.levelname.lower())
        except Exception:  # noqa: BLE001 - logging's contract: a handler never raises
            self.handleError(record)


def _instant(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, tz=UTC)
