"""The vocabulary of pages, imported by plugins as `ui`.

A page is data. Widgets with content have a source, an async function of the
`PluginContext` that the host calls when it shows them; an error stays inside its card.

::

    async def power(ctx: PluginContext, window: ui.Window) -> ui.Series: ...

    ui.Page(name="power", title="Power", permission="meter:readings:read", body=[
        ui.Chart("Power", power, unit="kW", live="metric.collected"),
    ])
"""

from __future__ import annotations

from ._action import Action, Deed, Done, RowAction
from ._asked import Params, Query, Reader, Window
from ._chart import Chart, ChartKind, Limit, Line, Mark, Series
from ._checklist import Checklist, Step
from ._choices import Choice, Choices
from ._custom import Custom
from ._detail import Detail, Fact
from ._form import Field, Form
from ._logs import LogLevel, LogLine, LogLines, Logs
from ._page import Page, Section, Tab, Tabs, Widget
from ._part import VERSION, Filled, Level, Part, Source, Width
from ._stats import Figure, Stats
from ._status import Beat, StatusBar, Strip
from ._table import Column, ColumnKind, Filter, Rows, Table
from ._values import Image, Link, Noted, State
from ._walk import all_widgets, bodies_of
from ._words import Empty, Notice, Notices, Text

__all__ = [
    "VERSION",
    "Action",
    "Beat",
    "Chart",
    "ChartKind",
    "Checklist",
    "Choice",
    "Choices",
    "Column",
    "ColumnKind",
    "Custom",
    "Deed",
    "Detail",
    "Done",
    "Empty",
    "Fact",
    "Field",
    "Figure",
    "Filled",
    "Filter",
    "Form",
    "Image",
    "Level",
    "Limit",
    "Line",
    "Link",
    "LogLevel",
    "LogLine",
    "LogLines",
    "Logs",
    "Mark",
    "Noted",
    "Notice",
    "Notices",
    "Page",
    "Params",
    "Part",
    "Query",
    "Reader",
    "RowAction",
    "Rows",
    "Section",
    "Series",
    "Source",
    "State",
    "Stats",
    "StatusBar",
    "Step",
    "Strip",
    "Tab",
    "Table",
    "Tabs",
    "Text",
    "Widget",
    "Width",
    "Window",
    "all_widgets",
    "bodies_of",
]
