"""Consumption of periods over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import (
    GroupMonthAnswer,
    MonthlyReport,
    MonthlyRow,
    StoredReport,
    StoredReportView,
    Summary,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

__all__ = [
    "group_month",
    "list_reports",
    "monthly",
    "monthly_summary",
    "show_report",
    "summary",
]

_Context = PluginContext[MonitorSettings]


async def summary(
    ctx: _Context,
    period: str = "day",
    date: str | None = None,
    compare: str | None = None,
    group: str | None = None,
) -> Summary:
    """Consumption up to now of the last hour, day or week, of this month or year.

    With `date` of the hour, day, week, month or year that holds it. `compare` is
    `previous` or `lastYear`: a period that runs is compared with the same elapsed time.
    With `group` only of the endpoints of that group.
    """
    query = report.SummaryQuery(period=period, date=date, compare=compare, group=group)
    return await report.summary(ctx, query)


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


async def group_month(
    ctx: _Context, group_id: str, year: str | None = None, month: str | None = None
) -> GroupMonthAnswer:
    """All endpoints of a rack or client in one month; the id `all` is every endpoint.

    A total is null while the month of a member is unknown.
    """
    return await report.group_month(ctx, group_id, year, month)


async def list_reports(
    ctx: _Context,
    group_id: Annotated[str | None, QueryParameter(name="groupId")] = None,
    month: str | None = None,
) -> list[StoredReportView]:
    """Stored reports, the newest first, without their figures."""
    return await report.list_reports(ctx, group_id, month)


async def show_report(ctx: _Context, report_id: int) -> StoredReport:
    """One stored report with its figures and its SHA-256."""
    return await report.show_report(ctx, report_id)
