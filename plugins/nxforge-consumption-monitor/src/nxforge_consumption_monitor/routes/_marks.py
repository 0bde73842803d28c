"""Readings taken out and put back over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar.params import QueryParameter

from nxforge_consumption_monitor import marks
from nxforge_consumption_monitor.marks import (
    ExcludeBody,
    MarkedView,
    MarkView,
    RestoreBody,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._caller import Caller, name_of

__all__ = ["exclude_readings", "list_marks", "restore_readings"]

_Context = PluginContext[MonitorSettings]


async def exclude_readings(
    ctx: _Context, request: Caller, data: ExcludeBody, *, preview: bool = False
) -> MarkedView:
    """Mark readings as bad: they count for nothing, and the history is restated.

    With `preview=true` nothing is stored, and the answer says what would change.
    """
    return await marks.exclude(ctx, data, by=name_of(request), preview=preview)


async def restore_readings(
    ctx: _Context, request: Caller, data: RestoreBody, *, preview: bool = False
) -> MarkedView:
    """Take the mark of bad readings back: they are judged again."""
    return await marks.restore(ctx, data, by=name_of(request), preview=preview)


async def list_marks(
    ctx: _Context,
    endpoint_id: Annotated[str, QueryParameter(name="endpointId")],
    from_: Annotated[datetime | None, QueryParameter(name="from")] = None,
    to: datetime | None = None,
) -> list[MarkView]:
    """Who marked readings of an endpoint as bad or good again, when and why."""
    return await marks.marks(ctx, endpoint_id, from_, to)
