"""Which meters the explorer shows, and the ways to others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import LiveEndpoint, parse_endpoint_id
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

from ._lines import MOST_LINES, largest

__all__ = ["chosen_ids", "chosen_of", "history_choices", "shift_of", "toggled"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_API: Final = "/api/v1/m/consumption-monitor"
#: More names than this are looked for in the table below.
_MOST_NAMES: Final = 12
_SHIFTS: Final = {
    "": say("nothing"),
    "1d": say("the day before"),
    "7d": say("the week before"),
}
_LENGTHS: Final = {"1d": timedelta(days=1), "7d": timedelta(days=7)}
_KEPT: Final = ("window", "from", "to", "shift")


async def chosen_ids(ctx: _Context, params: ui.Params) -> list[str]:
    """The meters of the address; by default those with the largest loads.

    Raises:
        UnknownItemError: what stands there is no id.
    """
    return _given(params) or largest(await report.live_endpoints(ctx))


def chosen_of(endpoints: Iterable[LiveEndpoint], params: ui.Params) -> list[str]:
    """The same where the endpoints are known.

    Raises:
        UnknownItemError: what stands in the address is no id.
    """
    return _given(params) or largest(endpoints)


def _given(params: ui.Params) -> list[str]:
    given = [each for each in params.get("meters", "").split(",") if each]
    return [parse_endpoint_id(each) for each in given[:MOST_LINES]]


def shift_of(params: ui.Params) -> tuple[timedelta, str] | None:
    """How far back the lines to compare with lie, and its words.

    Raises:
        InvalidInputError: it is no such span.
    """
    text = params.get("shift", "")
    if not text:
        return None
    if text not in _LENGTHS:
        raise InvalidInputError(field="shift", value=text, remedy="give 1d or 7d")
    return _LENGTHS[text], _SHIFTS[text]


async def history_choices(
    ctx: _Context, window: ui.Window, params: ui.Params
) -> list[ui.Choice]:
    """Meters to show or to leave out, what to compare with, and the file."""
    endpoints = await report.live_endpoints(ctx)
    chosen = chosen_of(endpoints, params)
    shown = _named(endpoints, chosen)
    meters = [
        toggled(
            f"{each.name} {'✕' if each.id in chosen else '+'}", each, chosen, params
        )
        for each in shown
    ]
    shifts = [
        ui.Link(words, "history", _kept(params, chosen, shift=name))
        for name, words in _SHIFTS.items()
    ]
    now = _SHIFTS.get(params.get("shift", ""), "")
    return [
        ui.Choice(say("Meters"), meters),
        ui.Choice(say("Compared with"), shifts, now),
        ui.Choice(say("Files"), _files(chosen, window)),
    ]


def toggled(
    text: str, endpoint: LiveEndpoint, chosen: Sequence[str], params: ui.Params
) -> ui.Link:
    """The way to the explorer with this meter, or without it."""
    rest = [each for each in chosen if each != endpoint.id]
    wanted = rest if endpoint.id in chosen else [*chosen, endpoint.id]
    return ui.Link(text, "history", _kept(params, wanted[-MOST_LINES:]))


def _named(
    endpoints: Iterable[LiveEndpoint], chosen: Sequence[str]
) -> list[LiveEndpoint]:
    """The chosen ones first, then others, each by name."""
    ordered = sorted(endpoints, key=lambda each: (each.id not in chosen, each.name))
    return ordered[: max(_MOST_NAMES, len(chosen))]


def _kept(params: ui.Params, ids: Sequence[str], **changes: str) -> dict[str, str]:
    known = {name: params[name] for name in _KEPT if name in params}
    found = {**known, "meters": ",".join(ids), **changes}
    return {name: text for name, text in found.items() if text}


def _files(ids: Sequence[str], window: ui.Window) -> list[ui.Link]:
    """What is drawn, as a file."""
    if not ids:
        return []
    query = [("endpointId", each) for each in ids]
    query += [("from", window.start.isoformat()), ("to", window.end.isoformat())]
    query.append(("points", str(window.points)))
    asked = urlencode(query)
    return [
        ui.Link(say("CSV"), f"{_API}/series.csv?{asked}"),
        ui.Link(say("JSON"), f"{_API}/series?{asked}"),
    ]
