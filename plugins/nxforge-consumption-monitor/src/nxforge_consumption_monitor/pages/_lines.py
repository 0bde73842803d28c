"""From series to what charts draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from nxforge_consumption_monitor.models import EndpointSeries, LiveEndpoint, SeriesGrain
from nxforge_consumption_monitor.series import SeriesQuery
from nxforge_core.api import load_texts, ui

__all__ = [
    "MOST_LINES",
    "energy_line",
    "energy_note",
    "largest",
    "power_line",
    "power_note",
    "query_of",
]

say = load_texts(__package__)

#: As many lines as can be told apart.
MOST_LINES: Final = 8
_POINTS: Final = (3, 5000)
_HOUR: Final = 3600
_GRAINS: Final[dict[SeriesGrain, str]] = {
    "15m": say("quarter of an hour"),
    "hour": say("hour"),
    "day": say("day"),
    "month": say("month"),
}


def query_of(
    endpoint_ids: Sequence[str], window: ui.Window, fields: str, grain: str = "auto"
) -> SeriesQuery:
    """What of the endpoints is drawn in the window."""
    least, most = _POINTS
    return SeriesQuery(
        endpoint_ids=list(endpoint_ids),
        low=window.start.isoformat(),
        high=window.end.isoformat(),
        points=str(min(max(window.points, least), most)),
        fields=fields,
        grain=grain,
    )


def largest(endpoints: Iterable[LiveEndpoint]) -> list[str]:
    """Ids of those that draw most now."""
    powered = [each for each in endpoints if each.power_kw is not None]
    powered.sort(key=lambda each: -(each.power_kw or 0))
    return [each.id for each in powered[:MOST_LINES]]


def power_line(found: EndpointSeries) -> ui.Line:
    """Power, where there are buckets with the least and the most around."""
    power = found.power
    if power is None:
        return ui.Line(found.endpoint_name, (), ())
    return ui.Line(
        found.endpoint_name, power.ts, power.kw, low=power.min_kw, high=power.max_kw
    )


def energy_line(found: EndpointSeries) -> ui.Line:
    """Energy, one bar for each bucket."""
    energy = found.energy
    if energy is None:
        return ui.Line(found.endpoint_name, (), ())
    return ui.Line(found.endpoint_name, energy.start, energy.kwh)


def power_note(found: Sequence[EndpointSeries]) -> str:
    """What the lines are made of."""
    widths = [each.power.width_s for each in found if each.power and each.power.width_s]
    if not widths:
        return say("Readings as they are.")
    return say("Means of {length}, with the least and the most around.").format(
        length=_length(max(widths))
    )


def energy_note(found: Sequence[EndpointSeries]) -> str:
    """How long a bar is."""
    grains = [each.energy.grain for each in found if each.energy]
    return (
        say("Each bar is one {length}.").format(length=_GRAINS[grains[0]])
        if grains
        else ""
    )


def _length(seconds: int) -> str:
    if seconds % _HOUR == 0:
        return f"{seconds // _HOUR} h"
    return f"{seconds} s"
