"""The hours of a week and the days of a year: when it is, and how well it is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import EndpointSeries, EnergySeries
from nxforge_consumption_monitor.series import series
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._history_asked import chosen_ids
from ._lines import query_of
from ._words import percent

__all__ = ["day_strips", "hours_of", "means_of", "week_chart"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_HOURS: Final = 24
_DAYS: Final = (
    say("Monday"),
    say("Tuesday"),
    say("Wednesday"),
    say("Thursday"),
    say("Friday"),
    say("Saturday"),
    say("Sunday"),
)
#: A day of no place: its hours are those of a clock on the wall.
_ANY_DAY: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST_DAYS: Final = timedelta(days=30)
_GOOD: Final = Decimal("0.95")
_BAD: Final = Decimal("0.5")


async def week_chart(ctx: _Context, window: ui.Window, params: ui.Params) -> ui.Series:
    """The mean energy of each hour of the week, of all chosen meters together."""
    zone = ZoneInfo(ctx.settings.time_zone)
    found = await _energies(ctx, params, window, "hour")
    means = means_of(hours_of(found), zone)
    if not means:
        return ui.Series(())
    at = [_ANY_DAY + timedelta(hours=hour) for hour in range(_HOURS)]
    lines = [
        ui.Line(name, at, [means.get((day, hour)) for hour in range(_HOURS)])
        for day, name in enumerate(_DAYS)
    ]
    note = say("Means of the chosen meters together, by the clock of {key}.").format(
        key=zone.key
    )
    return ui.Series(lines, note=note)


def hours_of(found: Iterable[EndpointSeries]) -> dict[datetime, Decimal]:
    """The energy of each hour that is known of every meter there."""
    columns = [dict(_known(each)) for each in found]
    known = set(columns[0]).intersection(*columns) if columns else set()
    return {at: sum((each[at] for each in columns), Decimal(0)) for at in known}


def _known(found: EndpointSeries) -> Iterator[tuple[datetime, Decimal]]:
    energy = found.energy
    if energy is None:
        return
    for at, kwh in zip(energy.start, energy.kwh, strict=True):
        if kwh is not None:
            yield at, kwh


def means_of(
    hours: dict[datetime, Decimal], zone: ZoneInfo
) -> dict[tuple[int, int], Decimal]:
    """Of each day of the week and hour, as the clock of the zone shows them."""
    together: dict[tuple[int, int], list[Decimal]] = {}
    for at, kwh in hours.items():
        local = at.astimezone(zone)
        together.setdefault((local.weekday(), local.hour), []).append(kwh)
    return {slot: sum(each, Decimal(0)) / len(each) for slot, each in together.items()}


async def day_strips(
    ctx: _Context, window: ui.Window, params: ui.Params
) -> list[ui.Strip]:
    """The days of each chosen meter, and how much of each is known."""
    start = min(window.start, window.end - _LEAST_DAYS)
    days = ui.Window(start, window.end, window.points)
    found, now = await _energies(ctx, params, days, "day"), ctx.clock.now()
    return [_strip(each, now) for each in found]


def _strip(found: EndpointSeries, now: datetime) -> ui.Strip:
    energy = found.energy
    link = ui.Link(found.endpoint_name, "quality", {"endpoint": found.endpoint_id})
    if energy is None or not energy.coverage:
        return ui.Strip(
            found.endpoint_name, (), state=say("nothing is known"), link=link
        )
    shares = _up_to(energy, now)
    columns = zip(energy.start, shares, energy.kwh, strict=True)
    zone = ZoneInfo(found.tz)
    share = sum(shares, Decimal(0)) / len(shares)
    level = _level(share)
    return ui.Strip(
        found.endpoint_name,
        [_beat(at.astimezone(zone), known, kwh) for at, known, kwh in columns],
        level=level,
        state=_STATES[level],
        value=percent(share),
        link=link,
    )


def _up_to(energy: EnergySeries, now: datetime) -> list[Decimal]:
    """How much of each day is known; of today, of what has been of it."""
    spans = zip(energy.start, energy.end, energy.coverage, strict=True)
    return [
        min(share * Decimal((end - at) / (now - at)), Decimal(1))
        if end > now
        else share
        for at, end, share in spans
    ]


_STATES: Final[dict[ui.Level, str]] = {
    "ok": say("known"),
    "warning": say("gaps"),
    "bad": say("mostly unknown"),
}


def _beat(at: datetime, share: Decimal, kwh: Decimal | None) -> ui.Beat:
    energy = str(say("unknown")) if kwh is None else f"{kwh:,.2f} kWh"
    return ui.Beat(
        _level(share),
        None,
        say("{day:%Y-%m-%d}: {share}, {energy}").format(
            day=at, share=percent(share), energy=energy
        ),
    )


def _level(share: Decimal) -> ui.Level:
    if share >= _GOOD:
        return "ok"
    return "warning" if share >= _BAD else "bad"


async def _energies(
    ctx: _Context, params: ui.Params, window: ui.Window, grain: str
) -> list[EndpointSeries]:
    ids = await chosen_ids(ctx, params)
    if not ids:
        return []
    return (await series(ctx, query_of(ids, window, "energy", grain))).series
