"""From widgets to cards: all at once, and each failure stays in its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from nxforge_core.api import NxForgeError
from nxforge_core.api.pages import (
    Action,
    Chart,
    Checklist,
    Choices,
    Custom,
    Detail,
    Empty,
    Form,
    Logs,
    Notice,
    Notices,
    Section,
    Stats,
    StatusBar,
    Table,
    Tabs,
    Text,
    Widget,
)
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node

from ._action import show_action
from ._chart import show_chart
from ._checklist import show_checklist
from ._choices import show_choices, show_notices
from ._custom import show_custom
from ._detail import show_detail
from ._form import show_form
from ._frame import failed
from ._groups import show_section, show_tabs
from ._logs import show_logs
from ._simple import show_empty, show_notice, show_text
from ._stats import show_stats
from ._status import show_status
from ._table import show_table

__all__ = ["may_see", "show_body", "show_card"]

_SHOW: Final[dict[type[Any], Callable[[Any, Ask], Awaitable[Node]]]] = {
    Action: show_action,
    Chart: show_chart,
    Checklist: show_checklist,
    Choices: show_choices,
    Custom: show_custom,
    Detail: show_detail,
    Empty: show_empty,
    Form: show_form,
    Logs: show_logs,
    Notice: show_notice,
    Notices: show_notices,
    Stats: show_stats,
    StatusBar: show_status,
    Table: show_table,
    Text: show_text,
}


async def show_body(body: Sequence[Widget], ask: Ask) -> list[Node]:
    """Ask all sources at once and show what the reader may see."""
    seen = [widget for widget in body if may_see(widget, ask) and _fits(widget, ask)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(show_card(widget, ask)) for widget in seen]
    return [task.result() for task in tasks]


async def show_card(widget: Widget, ask: Ask) -> Node:
    """One widget as its card, or as the card that says why there is none."""
    if isinstance(widget, Section):
        return await show_section(widget, ask, show_body)
    if isinstance(widget, Tabs):
        return await show_tabs(widget, ask, show_body)
    try:
        return await _SHOW[type(widget)](widget, ask)
    except NxForgeError as error:
        ask.context.log.warning(
            "widget failed", widget=ask.name(widget), problem=error.message
        )
        return failed(widget, ask, error)
    except (Exception, SystemExit) as error:  # the source is a plugin's code
        ask.context.log.exception("widget failed", widget=ask.name(widget))
        return failed(widget, ask, error)


def _fits(widget: Widget, ask: Ask) -> bool:
    """Whether it is for what the address says; that is no question of access."""
    return not widget.needs or widget.needs in ask.own_params


def may_see(widget: Widget, ask: Ask) -> bool:
    """Whether the widget is for this reader."""
    return widget.permission is None or ask.reader.may(widget.permission)
