"""The plugin's pages."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import LiveEndpoint
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, ui

__all__ = ["LIVE_PAGE"]

_Context = PluginContext[MonitorSettings]

_COLUMNS: Final = (
    "Endpoint",
    "Location",
    "Power (kW)",
    "Register (kWh)",
    "Today (kWh)",
    "Month (kWh)",
    "Age (s)",
    "State",
)
_THREE_PLACES: Final = Decimal("0.001")


async def _figures(ctx: _Context) -> list[ui.Figure]:
    summary = (await report.live(ctx)).data.summary
    online = f"{summary.active_endpoints} of {summary.total_endpoints}"
    return [
        ui.Figure("Online", online),
        ui.Figure("Power", _shown(summary.total_power_kw), "kW"),
        ui.Figure("This month", _shown(summary.monthly_consumption), "kWh"),
    ]


async def _rows(ctx: _Context) -> ui.Rows:
    endpoints = await report.live_endpoints(ctx)
    return ui.Rows(_COLUMNS, [_cells(each) for each in endpoints])


def _cells(endpoint: LiveEndpoint) -> list[str | None]:
    age = None if endpoint.age_s is None else f"{endpoint.age_s:.0f}"
    state = endpoint.state if endpoint.status != "error" else f"error: {endpoint.error}"
    return [
        endpoint.name,
        endpoint.location,
        _shown(endpoint.power_kw),
        _shown(endpoint.register_kwh),
        _shown(endpoint.today_kwh),
        _shown(endpoint.month_kwh),
        age,
        state,
    ]


def _shown(value: Decimal | None) -> str | None:
    if value is None:
        return None
    return f"{value.quantize(_THREE_PLACES, rounding=ROUND_HALF_UP):f}"


LIVE_PAGE: Final = ui.Page(
    name="live",
    title="Live consumption",
    permission=READ_READINGS,
    home=True,
    body=(
        ui.Stats("Now", _figures),
        ui.Table(
            "Endpoints", _rows, empty="No endpoint yet: POST /endpoints adds one."
        ),
    ),
)
