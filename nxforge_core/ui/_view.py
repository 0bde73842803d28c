"""From a page's spec to what is shown: the sources are asked, errors are contained."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from nxforge_core.api import PluginContext
from nxforge_core.api.pages import Figure, Page, Rows, Stats, Table, Text, Widget

__all__ = ["PageView", "WidgetView", "gather"]


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


async def gather(page: Page, context: PluginContext) -> PageView:
    """Ask every source of the page; one that raises fails its own widget only."""
    return PageView(page.title, [await _view(widget, context) for widget in page.body])


async def _view(widget: Widget, context: PluginContext) -> WidgetView:
    if isinstance(widget, Text):
        return WidgetView(kind="text", text=widget.text)
    try:
        return await _filled(widget, context)
    except Exception as error:  # noqa: BLE001  # the source is a plugin's code
        context.log.exception("widget failed", widget=widget.title)
        failure = f"{type(error).__name__}: the log has the details"
        return WidgetView(kind="failure", title=widget.title, failure=failure)


async def _filled(widget: Stats | Table, context: PluginContext) -> WidgetView:
    content = await widget.source(context)
    if isinstance(widget, Stats):
        figures = msgspec.convert(content, list[Figure])
        return WidgetView(kind="stats", title=widget.title, figures=figures)
    rows = msgspec.convert(content, Rows)
    return WidgetView(kind="table", title=widget.title, rows=rows, text=widget.empty)
