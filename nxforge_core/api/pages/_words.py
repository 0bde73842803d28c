"""Words: text, notices, what to do where there is nothing."""

from __future__ import annotations

from ._part import Filled, Level, Part, Source
from ._values import Link

__all__ = ["Empty", "Notice", "Notices", "Text"]


class Text(Part, frozen=True, tag="text"):
    """Text in a subset of Markdown.

    Paragraphs, `#` headings, lists, block quotes, fenced code, `code`, *emphasis*,
    **strong**, and links to pages and to https. Anything else is shown as it stands.
    """

    text: str
    title: str = ""


class Notice(Part, frozen=True, tag="notice"):
    """A sentence that should not be missed."""

    text: str
    level: Level = "info"
    link: Link | None = None


class Notices(Filled, frozen=True, tag="notices"):
    """What should not be missed, where there is anything.

    The source answers a list of `Notice`; where it is empty, nothing is shown.
    """

    title: str
    source: Source


class Empty(Part, frozen=True, tag="empty"):
    """Stands where something will live: what, how to get there, the way to it."""

    title: str
    text: str = ""
    link: Link | None = None
