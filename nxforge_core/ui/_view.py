"""From a page's spec to what is shown: the sources are asked, errors are contained."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_core.api import PluginContext
from nxforge_core.api.pages import Figure, Page, Rows, Stats, Table, Text, Widget

__all__ = ["PageView", "WidgetView", "gather"]

#: Seconds a source may take: a page that is not there helps nobody.
_PATIENCE: Final = 5.0


class WidgetView(msgspec.Struct, frozen=True, kw_only=True):
    """One widget with its content, or with the words of its failure."""

    kind: str
    title: str = ""
    text: str = ""
    figures: Sequence[Figure] = ()
    rows: Rows | None = None
    failure: str = ""


class PageView(msgspec.Struct, frozen=True):
    """One page, ready to be rendered."""

    title: str
    widgets: Sequence[WidgetView]


class RowLengthError(ValueError):
    """A row has more or fewer cells than there are columns."""

    def __init__(self, row: int, cells: int, columns: int) -> None:
        super().__init__(f"row {row} has {cells} cells for {columns} columns")


async def gather(
    page: Page, context: PluginContext, patience: float = _PATIENCE
) -> PageView:
    """Ask all sources of the page at once; one that fails fails its own widget only.

    Args:
        page: What is to be shown.
        context: Of the plugin the page belongs to.
        patience: Seconds each source may take.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_view(widget, context, patience)) for widget in page.body
        ]
    return PageView(page.title, [task.result() for task in tasks])


async def _view(widget: Widget, context: PluginContext, patience: float) -> WidgetView:
    if isinstance(widget, Text):
        return WidgetView(kind="text", text=widget.text)
    try:
        async with asyncio.timeout(patience):
            return await _filled(widget, context)
    except (Exception, SystemExit) as error:  # the source is a plugin's code
        context.log.exception("widget failed", widget=widget.title)
        failure = f"{type(error).__name__}: the log has the details"
        return WidgetView(kind="failure", title=widget.title, failure=failure)


async def _filled(widget: Stats | Table, context: PluginContext) -> WidgetView:
    # Through plain data, because msgspec believes a struct what its fields hold.
    content = msgspec.to_builtins(await widget.source(context))
    if isinstance(widget, Stats):
        figures = msgspec.convert(content, list[Figure])
        return WidgetView(kind="stats", title=widget.title, figures=figures)
    rows = msgspec.convert(content, Rows)
    for place, row in enumerate(rows.rows, 1):
        if len(row) != len(rows.columns):
            raise RowLengthError(place, len(row), len(rows.columns))
    return WidgetView(kind="table", title=widget.title, rows=rows, text=widget.empty)
