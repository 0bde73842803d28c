"""How things have been: one glance tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from nxforge_core.api._words import load_texts

from ._part import Filled, Level, Source
from ._values import Link

__all__ = ["Beat", "StatusBar", "Strip"]

say = load_texts("nxforge_core")


class Beat(msgspec.Struct, frozen=True):
    """One moment of a strip."""

    level: Level
    at: datetime | None = None
    text: str = ""


class Strip(msgspec.Struct, frozen=True):
    """One row: its name, its recent moments, oldest first, and how it is now.

    Attributes:
        state: In words: `timed out after 10 s`.
        value: At the end of the row: `99.2 %`.
    """

    label: str
    beats: Sequence[Beat]
    level: Level = "unknown"
    state: str = ""
    value: object = ""
    link: Link | None = None


class StatusBar(Filled, frozen=True, tag="status-bar"):
    """Strips of moments. The source answers a list of `Strip`, worst first."""

    title: str
    source: Source
    empty: str = say("Nothing to watch yet.")
