"""Reports as they were stored once a month, which no later reading changes."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import StoredReportView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._asked_report import asked_report

__all__ = ["KEPT_REPORTS", "SCHEDULE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_API: Final = "/api/v1/m/consumption-monitor/reports"
_JOB: Final = {"plugin": "consumption-monitor", "job": report.REPORT_JOB}


async def _kept(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    asked = asked_report(ctx, params)
    found = await report.list_reports(ctx, asked.group or None, None)
    return [_row(each) for each in found]


def _row(kept: StoredReportView) -> dict[str, object]:
    return {
        "month": f"{kept.month:%Y-%m}",
        "group": kept.group_name or "every meter",
        "version": kept.version,
        "state": ui.State(say("still open"), "warning", say("figures may change"))
        if kept.is_open
        else ui.State(say("final"), "ok"),
        "at": kept.generated_at,
        "pdf": ui.Link(say("PDF"), f"{_API}/{kept.id}.pdf"),
        "csv": ui.Link(say("CSV"), f"{_API}/{kept.id}.csv"),
        "sha256": kept.sha256,
    }


KEPT_REPORTS: Final = ui.Table(
    say("Kept reports"),
    _kept,
    (
        ui.Column("month", say("Month"), sort=True),
        ui.Column("group", say("Of"), sort=True),
        ui.Column("version", say("Version"), "number", sort=True),
        ui.Column("state", say("State")),
        ui.Column("at", say("Made"), "time", sort=True),
        ui.Column("pdf", say("Print")),
        ui.Column("csv", say("Table")),
        ui.Column("sha256", say("SHA-256"), "code", hidden=True),
    ),
    sort="-at",
    size=12,
    empty=say("The first report is kept when this month has ended, by itself."),
)


async def _schedule(_: _Context) -> list[ui.Choice]:
    return [
        ui.Choice(
            say("Made by itself"),
            [ui.Link(say("schedule and runs"), "nxforge/job", _JOB)],
        )
    ]


SCHEDULE: Final = ui.Choices(say("Schedule"), _schedule)
