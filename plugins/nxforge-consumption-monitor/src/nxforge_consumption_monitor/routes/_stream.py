"""Live changes over HTTP."""

from __future__ import annotations

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import EventStream, PluginContext

__all__ = ["stream"]


async def stream(
    ctx: PluginContext[MonitorSettings], group: str | None = None
) -> EventStream:
    """Every reading as it is stored, as server-sent events; first what is known now.

    The event `first` has the members of `live` per endpoint, each further one is
    `metric.collected`. With `group` only endpoints of that group.
    """
    return await report.live_changes(ctx, group)
