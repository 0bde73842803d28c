"""One endpoint: its values, its failures, how it is set up."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nxforge_consumption_monitor.models import COLLECTED, LiveEndpoint
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS, READ_READINGS
from nxforge_consumption_monitor.series import series
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._endpoint_deeds import POLL
from ._endpoint_edits import EDITS
from ._endpoint_facts import READINGS, RULES, SETTINGS
from ._endpoint_polls import FAILURE, POLLS, RUNS
from ._lines import energy_line, energy_note, power_line, power_note, query_of
from ._one import endpoint_of, live_of
from ._reads import failures_since
from ._states import state_of
from ._words import digits_of, named

__all__ = ["ENDPOINT_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_DAY: Final = timedelta(days=1)


async def _name(ctx: _Context, params: ui.Params) -> str:
    return (await endpoint_of(ctx, params)).name


async def _figures(ctx: _Context, params: ui.Params) -> list[ui.Figure]:
    endpoint = await endpoint_of(ctx, params)
    live = await live_of(ctx, endpoint.id)
    if live is None:
        words = ui.Figure(
            say("State"), "archived", hint=say("not polled, readings kept")
        )
        return [words]
    state = state_of(live)
    return [
        ui.Figure(say("State"), state.text, hint=state.note, level=state.level),
        *_values(live),
    ]


def _values(live: LiveEndpoint) -> list[ui.Figure]:
    places = digits_of(live.register_kwh)
    return [
        ui.Figure(say("Load"), live.power_kw, "kW", places=3),
        ui.Figure(say("Register"), live.register_kwh, "kWh", places=places),
        ui.Figure(say("Today"), live.today_kwh, "kWh", places=2),
        ui.Figure(say("This month"), live.month_kwh, "kWh", places=2),
    ]


async def _power(ctx: _Context, window: ui.Window, params: ui.Params) -> ui.Series:
    endpoint = await endpoint_of(ctx, params)
    found = (await series(ctx, query_of([endpoint.id], window, "power"))).series
    failed = await failures_since(ctx.db, endpoint.id, window.start)
    marks = [
        ui.Mark(
            each.last_at,
            say("last {replace}").format(replace=named(each.outcome)),
            "bad",
        )
        for each in failed
    ]
    lines = [power_line(each) for each in found]
    return ui.Series(lines, marks=marks, note=power_note(found))


async def _energy(ctx: _Context, window: ui.Window, params: ui.Params) -> ui.Series:
    endpoint = await endpoint_of(ctx, params)
    found = (await series(ctx, query_of([endpoint.id], window, "energy"))).series
    return ui.Series([energy_line(each) for each in found], note=energy_note(found))


async def _failures(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    endpoint = await endpoint_of(ctx, params)
    found = await failures_since(ctx.db, endpoint.id, ctx.clock.now() - _DAY)
    return [
        {
            "outcome": named(each.outcome),
            "count": each.count,
            "last_at": each.last_at,
            "first_at": each.first_at,
            "error": each.error,
        }
        for each in found
    ]


async def _ways(ctx: _Context, params: ui.Params) -> list[ui.Choice]:
    endpoint = await endpoint_of(ctx, params)
    links = [
        ui.Link(say("Edit"), "endpoint-form", {"id": endpoint.id}),
        ui.Link(say("Duplicate"), "endpoint-form", {"copy": endpoint.id}),
        ui.Link(say("Type in a register"), "type-in", {"endpoint": endpoint.id}),
        ui.Link(say("History"), "history", {"meters": endpoint.id}),
        ui.Link(say("Data quality"), "quality", {"endpoint": endpoint.id}),
        ui.Link(say("Alerts"), "alerts", {"alerts.q": endpoint.name}),
        ui.Link(say("Meter events"), "events", {"events.q": endpoint.name}),
    ]
    return [ui.Choice(say("Of this meter"), links)]


_FAILURES: Final = ui.Table(
    say("Failed polls of the last 24 hours"),
    _failures,
    (
        ui.Column("outcome", say("Reason"), sort=True),
        ui.Column("count", say("Polls"), "number", sort=True),
        ui.Column("last_at", say("Last"), "age", sort=True),
        ui.Column("first_at", say("First"), "age"),
        ui.Column("error", say("In words")),
    ),
    name="failures",
    key="outcome",
    empty=say("Not one poll failed."),
)

ENDPOINT_PAGE: Final = ui.Page(
    name="endpoint",
    title=say("Endpoint"),
    heading=_name,
    menu=False,
    permission=READ_READINGS,
    window="6h",
    links=(ui.Link(say("All endpoints"), "endpoints"),),
    body=(
        ui.Stats(say("Now"), _figures, live=COLLECTED),
        ui.Choices(say("See also"), _ways),
        ui.Tabs(
            tabs=(
                ui.Tab(
                    "course",
                    say("Course"),
                    (
                        ui.Chart(say("Power"), _power, "kW", zero=True, live=COLLECTED),
                        ui.Chart(say("Energy"), _energy, "kWh", kind="bar", every=60),
                        _FAILURES,
                    ),
                ),
                ui.Tab("readings", say("Readings"), (READINGS,)),
                ui.Tab("polls", say("Polls"), (POLLS, FAILURE, RUNS, POLL)),
                ui.Tab("settings", say("Set-up"), (SETTINGS, RULES, EDITS)),
            ),
            permission=READ_ENDPOINTS,
        ),
    ),
)
