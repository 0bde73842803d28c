"""Several meters over any time: power, energy, and where nothing is known."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._history_asked import chosen_of, history_choices, toggled
from ._history_charts import energy_chart, gap_rows, heat_chart, power_chart
from ._history_readings import HISTORY_READINGS
from ._history_weeks import day_strips, week_chart

__all__ = ["HISTORY_PAGE"]

say = load_texts(__package__)


async def _meters(
    ctx: PluginContext[MonitorSettings], params: ui.Params
) -> list[dict[str, object]]:
    endpoints = await report.live_endpoints(ctx)
    chosen = chosen_of(endpoints, params)
    return [
        {
            "id": each.id,
            "meter": ui.Link(each.name, "endpoint", {"id": each.id}),
            "shown": ui.State(say("shown"), "ok")
            if each.id in chosen
            else ui.State(say("left out")),
            "change": toggled(
                say("leave out") if each.id in chosen else say("show"),
                each,
                chosen,
                params,
            ),
            "location": each.location or "",
            "client_name": each.client_name or "",
        }
        for each in endpoints
    ]


HISTORY_PAGE: Final = ui.Page(
    name="history",
    title=say("History"),
    intro=say("Several meters over any time; what is not known stays empty."),
    icon="chart",
    permission=READ_READINGS,
    windows=("1h", "6h", "24h", "7d", "30d", "365d"),
    window="24h",
    body=(
        ui.Choices(say("What is shown"), history_choices),
        ui.Chart(say("Power"), power_chart, unit="kW", zero=True, height="large"),
        ui.Chart(say("Energy"), energy_chart, unit="kWh", kind="bar"),
        ui.Chart(say("Energy of each hour"), heat_chart, unit="kWh", kind="heat"),
        ui.Chart(
            say("Energy of the hours of a week"),
            week_chart,
            unit="kWh",
            kind="heat",
            axis="day",
            name="week",
        ),
        ui.StatusBar(
            say("Days"),
            day_strips,
            empty=say(
                "Each day will be seen here, one bar for each: how much is known."
            ),
        ),
        HISTORY_READINGS,
        ui.Table(
            say("Gaps"),
            gap_rows,
            (
                ui.Column("meter", say("Meter"), sort=True),
                ui.Column("start", say("From"), "time", sort=True),
                ui.Column("end", say("To"), "time", sort=True),
                ui.Column("seconds", say("Length"), "duration", sort=True),
            ),
            sort="-start",
            size=20,
            empty=say("No gap: all of this time is known."),
        ),
        ui.Table(
            say("All meters"),
            _meters,
            (
                ui.Column("meter", say("Meter"), sort=True),
                ui.Column("shown", say("Shown"), sort=True),
                ui.Column("change", say("Change")),
                ui.Column("location", say("Location"), sort=True),
                ui.Column("client_name", say("Client"), sort=True),
            ),
            key="id",
            sort="meter",
            search=True,
            size=20,
            csv=False,
            empty=say("No meter yet. Add the first one on the page Endpoints."),
        ),
    ),
)
