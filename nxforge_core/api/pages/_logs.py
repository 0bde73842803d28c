"""Lines of a log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from nxforge_core.api._words import load_texts

from ._part import Filled, Source

__all__ = ["LogLevel", "LogLine", "LogLines", "Logs"]

say = load_texts("nxforge_core")

#: How grave a line is.
LogLevel = Literal["debug", "info", "warning", "error", "critical"]


class LogLine(msgspec.Struct, frozen=True):
    """One line.

    Attributes:
        number: Rising; a link can lead to it.
        detail: Folded below the line: a stack trace, facts.
    """

    text: str
    at: datetime | None = None
    level: LogLevel = "info"
    number: int = 0
    detail: str = ""


class LogLines(msgspec.Struct, frozen=True):
    """What a log holds.

    Attributes:
        follow: Path of the host that goes on telling, as server-sent events named
            `line` with the members of `RunLine`: `/api/v1/runs/17/events`.
        raw: Path of the same as a file.
        cut: Older lines are left out.
    """

    lines: Sequence[LogLine]
    follow: str = ""
    raw: str = ""
    cut: bool = False


class Logs(Filled, frozen=True, tag="logs"):
    """A log: search, levels, wrapping. The source answers `LogLines` or a list."""

    title: str
    source: Source
    empty: str = say("No line yet.")
