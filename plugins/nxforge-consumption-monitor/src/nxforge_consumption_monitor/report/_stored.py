"""Reports that are made once a month and kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor.models import (
    GroupMonth,
    StoredReport,
    StoredReportView,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    NewReport,
    ReportGroup,
    ReportRow,
    insert_report,
    latest_report,
    parse_group_id,
    report_groups,
    stored_report,
    stored_reports,
)
from nxforge_core.api import Body, JobContext, Model, PluginContext, UnknownItemError

from ._group import canonical_month, month_of_group
from ._which_month import parse_month

__all__ = [
    "REPORT_JOB",
    "ReportParams",
    "ReportResult",
    "list_reports",
    "make_reports",
    "show_report",
]

REPORT_JOB: Final = "make-reports"
_MOST: Final = 200


class ReportParams(Body):
    """Parameters of making reports.

    Attributes:
        month: As YYYY-MM, of every group; null: the month that ended last in the zone
            of each group, where its report is missing or was open.
    """

    month: Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}$")] | None = None


class ReportResult(Model):
    """What became of the reports.

    Attributes:
        stored: New ones, or new versions.
        unchanged: Made again with the same figures.
        still_open: Of both, those with a member whose figures are not final.
    """

    success: bool
    stored: int
    unchanged: int
    still_open: int


class UnknownReportError(UnknownItemError):
    """No stored report has the id."""

    def __init__(self, report_id: int) -> None:
        super().__init__(
            kind="report", value=str(report_id), remedy="GET /reports lists the ids"
        )


async def make_reports(
    ctx: JobContext[MonitorSettings], params: ReportParams
) -> ReportResult:
    """Make and store the month of every group and of all endpoints together."""
    groups = [None, *await report_groups(ctx.db)]
    versions: list[int | None] = []
    still_open = 0
    for done, group in enumerate(groups):
        await ctx.progress(done, len(groups), group.name if group else "all")
        first = await _month_to_make(ctx, group, params)
        if first is None:
            continue
        month = await month_of_group(ctx, group, first)
        versions.append(await _store(ctx, month, first))
        still_open += month.is_open
    stored = sum(version is not None for version in versions)
    return ReportResult(
        success=True,
        stored=stored,
        unchanged=len(versions) - stored,
        still_open=still_open,
    )


async def list_reports(
    ctx: PluginContext[MonitorSettings], group_id: str | None, month: str | None
) -> list[StoredReportView]:
    """The newest stored reports, of a group or a month where one is named.

    Raises:
        UnknownItemError: `group_id` is no id.
        InvalidInputError: `month` is no month.
    """
    group = None if group_id is None else parse_group_id(group_id)
    first = None if month is None else parse_month(None, month, ctx.clock.now())
    rows = await stored_reports(ctx.db, group, first, _MOST)
    return [_view(row) for row in rows]


async def show_report(
    ctx: PluginContext[MonitorSettings], report_id: int
) -> StoredReport:
    """One stored report with its figures.

    Raises:
        UnknownItemError: there is no such report.
    """
    row = await stored_report(ctx.db, report_id)
    if row is None or row.document is None:
        raise UnknownReportError(report_id)
    document = msgspec.json.decode(row.document, type=GroupMonth)
    return StoredReport(report=_view(row), document=document)


async def _month_to_make(
    ctx: JobContext[MonitorSettings], group: ReportGroup | None, params: ReportParams
) -> date | None:
    if params.month is not None:
        return parse_month(None, params.month, ctx.clock.now())
    zone = ZoneInfo(group.tz if group else ctx.settings.time_zone)
    this = ctx.clock.now().astimezone(zone).date().replace(day=1)
    first = (this - timedelta(days=1)).replace(day=1)
    latest = await latest_report(ctx.db, group.id if group else None, first)
    return first if latest is None or latest.is_open else None


async def _store(
    ctx: JobContext[MonitorSettings], month: GroupMonth, first: date
) -> int | None:
    document, digest = canonical_month(month)
    async with ctx.transaction() as connection:
        return await insert_report(
            connection,
            NewReport(
                group_id=month.group_id,
                month=first,
                is_open=month.is_open,
                sha256=digest,
                document=document,
                generated_at=ctx.clock.now(),
            ),
        )


def _view(row: ReportRow) -> StoredReportView:
    return StoredReportView(
        id=row.id,
        group_id=row.group_id,
        group_name=row.group_name,
        month=row.month,
        version=row.version,
        is_open=row.is_open,
        sha256=row.sha256,
        generated_at=row.generated_at,
    )
