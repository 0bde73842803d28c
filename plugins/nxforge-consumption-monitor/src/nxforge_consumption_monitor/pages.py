"""The plugin's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import COLLECTED, EndpointSeries, LiveEndpoint
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.series import SeriesQuery, series
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, ui

__all__ = ["LIVE_PAGE"]

_Context = PluginContext[MonitorSettings]

#: As many lines as can be told apart.
_MOST_LINES: Final = 8
_POINTS: Final = (3, 5000)
_LEVELS: Final[dict[str, ui.Level]] = {
    "fresh": "ok",
    "stale": "warning",
    "offline": "bad",
}
_COLUMNS: Final = (
    ui.Column("name", "Endpoint", sort=True),
    ui.Column("location", "Location", sort=True),
    ui.Column("power_kw", "Power", "number", "kW", places=3, sort=True),
    ui.Column("register_kwh", "Register", "number", "kWh", places=3),
    ui.Column("today_kwh", "Today", "number", "kWh", places=3, sort=True),
    ui.Column("month_kwh", "Month", "number", "kWh", places=3, sort=True),
    ui.Column("age_s", "Age", "duration", sort=True),
    ui.Column("state", "State", sort=True),
)


async def _figures(ctx: _Context) -> list[ui.Figure]:
    summary = (await report.live(ctx)).data.summary
    away = summary.total_endpoints - summary.active_endpoints
    online = f"{summary.active_endpoints} of {summary.total_endpoints}"
    return [
        ui.Figure("Power", summary.total_power_kw, "kW"),
        ui.Figure("This month", summary.monthly_consumption, "kWh", places=1),
        ui.Figure(
            "Online",
            online,
            hint=f"{away} without a reading" if away else "every one answers",
            level="warning" if away else "ok",
        ),
    ]


async def _power(ctx: _Context, window: ui.Window) -> ui.Series:
    endpoints = await report.live_endpoints(ctx)
    powered = [each for each in endpoints if each.power_kw is not None]
    powered.sort(key=lambda each: -(each.power_kw or 0))
    ids = [each.id for each in powered[:_MOST_LINES]]
    if not ids:
        return ui.Series(())
    query = SeriesQuery(
        endpoint_ids=ids,
        low=window.start.isoformat(),
        high=window.end.isoformat(),
        points=str(min(max(window.points, _POINTS[0]), _POINTS[1])),
        fields="power",
    )
    found = (await series(ctx, query)).series
    return ui.Series([_line(each) for each in found], note=_note(found))


def _line(endpoint: EndpointSeries) -> ui.Line:
    power = endpoint.power
    if power is None:
        return ui.Line(endpoint.endpoint_name, (), ())
    return ui.Line(
        endpoint.endpoint_name, power.ts, power.kw, low=power.min_kw, high=power.max_kw
    )


def _note(found: Sequence[EndpointSeries]) -> str:
    widths = {each.power.width_s for each in found if each.power} - {None}
    width = max((each for each in widths if each), default=0)
    return f"Means of {width} s, with the least and the most around." if width else ""


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    return [_row(each) for each in await report.live_endpoints(ctx)]


def _row(endpoint: LiveEndpoint) -> dict[str, object]:
    failed = endpoint.status == "error"
    state = (
        ui.State("error", "bad", endpoint.error or "")
        if failed
        else ui.State(endpoint.state, _LEVELS[endpoint.state])
    )
    return {
        "id": endpoint.id,
        "name": endpoint.name,
        "location": endpoint.location,
        "power_kw": endpoint.power_kw,
        "register_kwh": endpoint.register_kwh,
        "today_kwh": endpoint.today_kwh,
        "month_kwh": endpoint.month_kwh,
        "age_s": endpoint.age_s,
        "state": state,
    }


LIVE_PAGE: Final = ui.Page(
    name="live",
    title="Live consumption",
    intro="Every meter now, and the power of the last hours.",
    icon="bolt",
    permission=READ_READINGS,
    home=True,
    body=(
        ui.Stats("Now", _figures, live=COLLECTED),
        ui.Chart("Power", _power, unit="kW", zero=True, live=COLLECTED),
        ui.Table(
            "Endpoints",
            _rows,
            _COLUMNS,
            key="id",
            sort="name",
            search=True,
            live=COLLECTED,
            empty="No endpoint yet: POST /endpoints adds one.",
        ),
    ),
)
