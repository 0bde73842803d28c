"""Live values over HTTP."""

from __future__ import annotations

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import LiveAnswer
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

__all__ = ["live"]


async def live(ctx: PluginContext[MonitorSettings]) -> LiveAnswer:
    """Latest values of every endpoint, and their sums."""
    return await report.live(ctx)
