"""Whether collection works."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import HealthFigures, health_figures
from nxforge_consumption_monitor.templates import template_problems
from nxforge_core.api import Health, PluginContext

__all__ = ["browser_health", "collection_health", "template_health"]

#: A round comes every 5 s; with this much beyond the shortest interval none came.
_PATIENCE: Final = timedelta(seconds=60)


async def collection_health(ctx: PluginContext[MonitorSettings]) -> Health:
    """Failing when most endpoints fail, or when nothing was polled for too long."""
    figures = await health_figures(ctx.db)
    if not figures.enabled:
        return Health("ok", "no endpoint is enabled")
    words = f"{figures.failing} of {figures.enabled} endpoints fail"
    if 2 * figures.failing > figures.enabled:
        return Health("failing", words)
    overdue = _overdue(figures, ctx)
    return Health("failing", overdue) if overdue else Health("ok", words)


def _overdue(figures: HealthFigures, ctx: PluginContext[MonitorSettings]) -> str:
    if figures.attempted_at is None or figures.interval_s is None:
        return ""
    age = ctx.clock.now() - figures.attempted_at
    limit = 2 * timedelta(seconds=figures.interval_s) + _PATIENCE
    if age <= limit:
        return ""
    return f"the latest poll was {age.total_seconds():.0f} s ago: is a worker running?"


async def browser_health(ctx: PluginContext[MonitorSettings]) -> Health:
    """Say whether there is a browser. Never failing: other endpoints need none."""
    missing = ctx.browser.missing()
    if missing is None:
        return Health("ok", "there is a browser for pages that need one")
    return Health("ok", f"{missing.message}: {missing.remedy}")


async def template_health(ctx: PluginContext[MonitorSettings]) -> Health:
    """Failing where another package brings a template that cannot be used."""
    del ctx
    if problems := template_problems():
        return Health("failing", "; ".join(each.message for each in problems))
    return Health("ok", "every device template can be used")
