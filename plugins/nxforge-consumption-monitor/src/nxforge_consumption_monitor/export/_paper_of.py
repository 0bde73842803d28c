"""The month that a file is asked for."""

from __future__ import annotations

from nxforge_consumption_monitor.report import group_month, monthly, show_report
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, UnknownItemError

from ._days import days_of
from ._paper import Paper, of_endpoint, of_group

__all__ = ["endpoint_paper", "group_paper", "stored_paper"]

_Context = PluginContext[MonitorSettings]
_LONGEST_ID = 18


async def endpoint_paper(
    ctx: _Context, endpoint_id: str, year: str | None, month: str | None
) -> Paper:
    """One endpoint in one month; see `report.monthly`."""
    report = await monthly(ctx, endpoint_id, year, month)
    return of_endpoint(report, await days_of(ctx.db, report.lines, ctx.clock.now()))


async def group_paper(
    ctx: _Context, group_id: str, year: str | None, month: str | None
) -> Paper:
    """One group in one month; see `report.group_month`."""
    answer = await group_month(ctx, group_id, year, month)
    days = await days_of(ctx.db, answer.data.lines, ctx.clock.now())
    return of_group(answer.data, answer.sha256, answer.generated_at, days)


async def stored_paper(ctx: _Context, report_id: str) -> Paper:
    """A report as it was stored, and nothing that is known since.

    Raises:
        UnknownItemError: there is no such report.
    """
    if not (report_id.isascii() and report_id.isdigit()) or (
        len(report_id) > _LONGEST_ID
    ):
        remedy = "GET /reports lists the ids"
        raise UnknownItemError(kind="report", value=report_id, remedy=remedy)
    stored = await show_report(ctx, int(report_id))
    view = stored.report
    return of_group(stored.document, view.sha256, view.generated_at, [])
