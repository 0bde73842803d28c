"""The few numbers above the live table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import (
    LiveEndpoint,
    LiveSummary,
)
from nxforge_consumption_monitor.register import span_at
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._reads import Busiest, busiest_hour
from ._states import is_away
from ._words import energy_figure

__all__ = ["now_figures", "today_figures"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

#: Of the table of meters only those that are not online.
_AWAY: Final = {"endpoints.f.online": "no"}


async def now_figures(ctx: _Context) -> list[ui.Figure]:
    """The load, and how many meters it is known of."""
    live = (await report.live(ctx)).data
    if not live.endpoints:
        return []
    return [_load(live.summary), _online(live.endpoints)]


async def today_figures(ctx: _Context) -> list[ui.Figure]:
    """The energy of the day up to now, and its busiest hour."""
    now, zone = ctx.clock.now(), ZoneInfo(ctx.settings.time_zone)
    day = span_at("day", now, zone)
    query = report.SummaryQuery(
        period="day", date=now.astimezone(zone).date().isoformat(), compare="previous"
    )
    found = await report.summary(ctx, query)
    peak = await busiest_hour(ctx.db, day.start, day.end)
    return [
        energy_figure(say("Energy today"), found, say("at this time yesterday")),
        _peak(peak, zone),
    ]


def _load(summary: LiveSummary) -> ui.Figure:
    month = say("{kwh:,.1f} kWh this month").format(kwh=summary.monthly_consumption)
    return ui.Figure(
        say("Load now"), summary.total_power_kw, "kW", hint=month, places=2
    )


def _online(endpoints: Sequence[LiveEndpoint]) -> ui.Figure:
    polled = [each for each in endpoints if each.enabled]
    away = [each.name for each in polled if is_away(each)]
    good = len(polled) - len(away)
    return ui.Figure(
        say("Meters online"),
        f"{good} of {len(polled)}",
        hint=_who(away) if away else say("every one answers"),
        level="bad" if away else "ok",
        link=ui.Link(say("which"), "live", _AWAY) if away else None,
    )


def _who(away: Sequence[str]) -> str:
    rest = len(away) - 1
    if not rest:
        return say("not {name}").format(name=away[0])
    return say("not {name} and {n} more").format(name=away[0], n=rest)


def _peak(peak: Busiest | None, zone: ZoneInfo) -> ui.Figure:
    hint = (
        say("mean of the hour from {clock}").format(clock=_clock(peak.start_ts, zone))
        if peak
        else ""
    )
    return ui.Figure(
        say("Busiest hour today"), peak and peak.avg_kw, "kW", hint=hint, places=2
    )


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"
