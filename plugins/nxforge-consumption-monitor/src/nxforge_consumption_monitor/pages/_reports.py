"""What was used in a day, a week, a month or a year, and what it costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import SummaryRow
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._asked_report import asked_report
from ._report_choices import report_choices
from ._report_figures import report_figures, report_notices
from ._reports_kept import KEPT_REPORTS, SCHEDULE

__all__ = ["REPORTS_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_KILO: Final = 1000
_COLUMNS: Final = (
    ui.Column("meter", say("Meter"), sort=True),
    ui.Column("energy_kwh", say("Energy"), "number", "kWh", places=2, sort=True),
    ui.Column("share", say("Share"), "share", places=1, sort=True),
    ui.Column("change", say("Change"), "number", "%", places=1, sort=True),
    ui.Column("mean_kw", say("Mean load"), "number", "kW", places=3, sort=True),
    ui.Column("coverage", say("Known"), "share", places=1, sort=True),
    ui.Column("other_kwh", say("Other period"), "number", "kWh", places=2, hidden=True),
    ui.Column("quality", say("Quality"), hidden=True, sort=True),
    ui.Column("client_name", say("Client"), hidden=True, sort=True),
    ui.Column("location", say("Location"), hidden=True, sort=True),
    ui.Column("last_reading", say("Last reading"), "time", hidden=True),
)


async def _bars(ctx: _Context, params: ui.Params) -> ui.Series:
    asked = asked_report(ctx, params)
    found = await report.bars(ctx, asked.query)
    known = [each for each in found.bars if each.energy_kwh is not None]
    if not known:
        return ui.Series(())
    line = ui.Line(
        say("Energy"),
        [each.start for each in found.bars],
        [each.energy_kwh for each in found.bars],
    )
    return ui.Series(
        [line], note=say("Each bar is one {grain}.").format(grain=found.grain)
    )


async def _rows(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    asked = asked_report(ctx, params)
    found = await report.summary(ctx, asked.query)
    rows = sorted(found.endpoints, key=lambda each: -each.consumption)
    return [_row(each, found.total_consumption) for each in rows]


def _row(row: SummaryRow, total: Decimal) -> dict[str, object]:
    known = row.quality is not None
    other = row.comparison
    return {
        "id": row.endpoint_id,
        "meter": ui.Link(row.endpoint_name, "endpoint", {"id": row.endpoint_id}),
        "energy_kwh": row.consumption if known else None,
        "share": row.consumption / total if known and total else None,
        "other_kwh": other and other.energy_kwh,
        "change": other and other.change_percent,
        "mean_kw": None if row.avg_power is None else row.avg_power / _KILO,
        "coverage": row.coverage,
        "quality": row.quality,
        "client_name": row.client_name or "",
        "location": row.location or "",
        "last_reading": row.last_reading,
    }


REPORTS_PAGE: Final = ui.Page(
    name="reports",
    title=say("Reports"),
    intro=say("What was used, by whom, compared with another time, and what it costs."),
    icon="report",
    permission=READ_READINGS,
    windows=(),
    body=(
        ui.Choices(say("Report"), report_choices),
        ui.Notices(say("Notes"), report_notices),
        ui.Stats(say("Sums"), report_figures, every=60),
        ui.Chart(
            say("Energy"),
            _bars,
            unit="kWh",
            kind="bar",
            every=60,
            empty=say("Nothing is known of this period."),
        ),
        ui.Table(
            say("Meters"),
            _rows,
            _COLUMNS,
            key="id",
            search=True,
            every=60,
            empty=say(
                "No meter was there. Reports fill by themselves once one is polled."
            ),
        ),
        KEPT_REPORTS,
        SCHEDULE,
    ),
)
