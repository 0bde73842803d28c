"""Consumption of periods over HTTP."""

from __future__ import annotations

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import MonthlyReport, MonthlyRow, Summary
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

__all__ = ["monthly", "monthly_summary", "summary"]

_Context = PluginContext[MonitorSettings]


async def summary(ctx: _Context, period: str = "day") -> Summary:
    """Consumption up to now of the last hour, day or week, of this month or year."""
    return await report.summary(ctx, period)


async def monthly(
    ctx: _Context, endpoint_id: str, year: str | None = None, month: str | None = None
) -> MonthlyReport:
    """One endpoint in one calendar month of its zone.

    Which one is `year` and `month`, or `month` as YYYY-MM; by default the current one.
    """
    return await report.monthly(ctx, endpoint_id, year, month)


async def monthly_summary(ctx: _Context) -> list[MonthlyRow]:
    """Consumption of the current month of every enabled endpoint."""
    return await report.monthly_summary(ctx)
