"""The vocabulary of pages, imported by plugins as `ui`.

A page is data. Each widget has a source, an async function of the `PluginContext`
that the host calls when it renders the page; an error stays inside its widget.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import msgspec

__all__ = ["Figure", "Page", "Rows", "Source", "Stats", "Table", "Text", "Widget"]

Source: TypeAlias = Callable[[Any], Awaitable[Any]]


class Figure(msgspec.Struct, frozen=True):
    """One figure: a label, its value as text (None: unknown), a unit."""

    label: str
    value: str | None
    unit: str = ""


class Rows(msgspec.Struct, frozen=True):
    """A table's content: as many cells a row as there are columns; None is unknown."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str | None]]


class Stats(msgspec.Struct, frozen=True, tag="stats"):
    """A row of figures. The source answers a list of `Figure`."""

    title: str
    source: Source


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table. The source answers `Rows`.

    Attributes:
        empty: What stands there while there are no rows.
    """

    title: str
    source: Source
    empty: str = "Nothing here yet."


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A paragraph of plain text."""

    text: str


Widget: TypeAlias = Stats | Table | Text


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a plugin, at `/ui/<plugin>/<name>`.

    Attributes:
        permission: What the reader needs; either this or `public=True`.
        home: Shown on the start page as well.
    """

    name: str
    title: str
    body: Sequence[Widget]
    permission: str | None = None
    public: bool = False
    home: bool = False
