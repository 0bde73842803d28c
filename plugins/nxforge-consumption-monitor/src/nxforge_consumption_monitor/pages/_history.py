"""Several meters over any time: power, energy, and where nothing is known."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, ui

from ._history_asked import chosen_of, history_choices, toggled
from ._history_charts import energy_chart, gap_rows, heat_chart, power_chart
from ._history_readings import HISTORY_READINGS
from ._history_weeks import day_strips, week_chart

__all__ = ["HISTORY_PAGE"]


async def _meters(
    ctx: PluginContext[MonitorSettings], params: ui.Params
) -> list[dict[str, object]]:
    endpoints = await report.live_endpoints(ctx)
    chosen = chosen_of(endpoints, params)
    return [
        {
            "id": each.id,
            "meter": ui.Link(each.name, "endpoint", {"id": each.id}),
            "shown": ui.State("shown", "ok")
            if each.id in chosen
            else ui.State("left out"),
            "change": toggled(
                "leave out" if each.id in chosen else "show", each, chosen, params
            ),
            "location": each.location or "",
            "client_name": each.client_name or "",
        }
        for each in endpoints
    ]


HISTORY_PAGE: Final = ui.Page(
    name="history",
    title="History",
    intro="Several meters over any time; what is not known stays empty.",
    icon="chart",
    permission=READ_READINGS,
    windows=("1h", "6h", "24h", "7d", "30d", "365d"),
    window="24h",
    body=(
        ui.Choices("What is shown", history_choices),
        ui.Chart("Power", power_chart, unit="kW", zero=True, height="large"),
        ui.Chart("Energy", energy_chart, unit="kWh", kind="bar"),
        ui.Chart("Energy of each hour", heat_chart, unit="kWh", kind="heat"),
        ui.Chart(
            "Energy of the hours of a week",
            week_chart,
            unit="kWh",
            kind="heat",
            axis="day",
            name="week",
        ),
        ui.StatusBar(
            "Days",
            day_strips,
            empty="Each day will be seen here, one bar for each: how much is known.",
        ),
        HISTORY_READINGS,
        ui.Table(
            "Gaps",
            gap_rows,
            (
                ui.Column("meter", "Meter", sort=True),
                ui.Column("start", "From", "time", sort=True),
                ui.Column("end", "To", "time", sort=True),
                ui.Column("seconds", "Length", "duration", sort=True),
            ),
            sort="-start",
            size=20,
            empty="No gap: all of this time is known.",
        ),
        ui.Table(
            "All meters",
            _meters,
            (
                ui.Column("meter", "Meter", sort=True),
                ui.Column("shown", "Shown", sort=True),
                ui.Column("change", "Change"),
                ui.Column("location", "Location", sort=True),
                ui.Column("client_name", "Client", sort=True),
            ),
            key="id",
            sort="meter",
            search=True,
            size=20,
            csv=False,
            empty="No meter yet. Add the first one on the page Endpoints.",
        ),
    ),
)
