"""The page to keep open: the load now, and which meter is broken and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import COLLECTED, LiveEndpoint
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.series import series
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._lines import MOST_LINES, largest, power_line, power_note, query_of
from ._live_figures import now_figures, today_figures
from ._live_groups import headings, live_choices
from ._reads import Recent, recent_attempts, recent_powers
from ._states import is_away, state_of, worst_first

__all__ = ["LIVE_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_BEATS: Final = 30
#: More strips than this nobody looks through.
_MOST_STRIPS: Final = 40
_COLUMNS: Final = (
    ui.Column("meter", say("Meter"), sort=True),
    ui.Column("state", say("State"), sort=True),
    ui.Column("power_kw", say("Load"), "number", "kW", places=3, sort=True),
    ui.Column("trend", say("Last readings"), "trend"),
    ui.Column("today_kwh", say("Today"), "number", "kWh", places=2, sort=True),
    ui.Column("read_at", say("Last reading"), "age", sort=True),
    ui.Column(
        "month_kwh", say("Month"), "number", "kWh", places=2, sort=True, hidden=True
    ),
    ui.Column("register_kwh", say("Register"), "number", "kWh", places=1, hidden=True),
    ui.Column("location", say("Location"), sort=True, hidden=True),
    ui.Column("client_name", say("Client"), sort=True, hidden=True),
)


async def _power(ctx: _Context, window: ui.Window) -> ui.Series:
    endpoints = await report.live_endpoints(ctx)
    ids = largest(endpoints)
    if not ids:
        return ui.Series(())
    found = (await series(ctx, query_of(ids, window, "power"))).series
    note = power_note(found)
    if len(endpoints) > MOST_LINES:
        note = say("The {n} largest of {n2} meters. {note}").format(
            n=len(ids), n2=len(endpoints), note=note
        )
    return ui.Series([power_line(each) for each in found], note=note)


async def _strips(ctx: _Context) -> list[ui.Strip]:
    endpoints = worst_first(await report.live_endpoints(ctx))[:_MOST_STRIPS]
    ids = [each.id for each in endpoints]
    recent = await recent_attempts(ctx.db, ids, _BEATS)
    return [_strip(each, recent[each.id]) for each in endpoints]


def _strip(endpoint: LiveEndpoint, recent: Recent) -> ui.Strip:
    state = state_of(endpoint)
    good = recent.outcomes.count("ok")
    polls = zip(recent.at, recent.outcomes, recent.errors, strict=True)
    return ui.Strip(
        endpoint.name,
        [_beat(*each) for each in polls],
        level=state.level,
        state=state.text,
        value=f"{good / len(recent.at):.0%}" if recent.at else "",
        link=ui.Link(endpoint.name, "endpoint", {"id": endpoint.id}),
    )


def _beat(at: datetime, outcome: str, error: str) -> ui.Beat:
    if outcome == "ok":
        return ui.Beat("ok", at, say("read"))
    return ui.Beat("bad", at, error or outcome)


async def _rows(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    endpoints = worst_first(await report.live_endpoints(ctx))
    powers = await recent_powers(ctx.db, [each.id for each in endpoints], _BEATS)
    heads = await headings(ctx, endpoints, params)
    return [
        _row(each, powers[each.id]) | {"heading": heads.get(each.id, "")}
        for each in endpoints
    ]


def _row(endpoint: LiveEndpoint, powers: Sequence[Decimal | None]) -> dict[str, object]:
    last = endpoint.last_reading
    return {
        "id": endpoint.id,
        "online": _online(endpoint),
        "meter": ui.Link(endpoint.name, "endpoint", {"id": endpoint.id}),
        "state": state_of(endpoint),
        "power_kw": endpoint.power_kw,
        "trend": powers,
        "today_kwh": endpoint.today_kwh,
        "month_kwh": endpoint.month_kwh,
        "register_kwh": endpoint.register_kwh,
        "read_at": last and last.timestamp,
        "location": endpoint.location,
        "client_name": endpoint.client_name,
    }


def _online(endpoint: LiveEndpoint) -> str:
    if not endpoint.enabled:
        return say("off")
    return say("no") if is_away(endpoint) else say("yes")


LIVE_PAGE: Final = ui.Page(
    name="live",
    title=say("Live consumption"),
    intro=say("Every meter now, the worst first, and the power of the last hours."),
    icon="bolt",
    permission=READ_READINGS,
    home=True,
    window="1h",
    links=(
        ui.Link(say("Report of this month"), "reports"),
        ui.Link(say("Wall display"), "live", {"wall": "1"}),
    ),
    body=(
        ui.Stats(say("Now"), now_figures, live=COLLECTED, width="half"),
        ui.Stats(say("Today"), today_figures, every=60, width="half"),
        ui.Chart(say("Power"), _power, unit="kW", zero=True, live=COLLECTED),
        ui.Choices(say("Meters"), live_choices, name="gathered"),
        ui.Table(
            say("Meters"),
            _rows,
            _COLUMNS,
            name="endpoints",
            key="id",
            group="heading",
            search=True,
            filters=(
                ui.Filter(
                    "online",
                    say("Online"),
                    [
                        ("no", say("not online")),
                        ("yes", say("online")),
                        ("off", say("not polled")),
                    ],
                ),
            ),
            live=COLLECTED,
            empty=say("No meter yet. Add the first one on the page Endpoints."),
        ),
        ui.StatusBar(
            say("The last polls"),
            _strips,
            live=COLLECTED,
            empty=say("Polls of each meter will be seen here, one bar for each."),
        ),
    ),
)
