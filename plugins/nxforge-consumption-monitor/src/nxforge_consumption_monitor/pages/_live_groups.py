"""Meters of the live page under headings: by group, by room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.groups import groups
from nxforge_consumption_monitor.models import LiveEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._states import is_away

__all__ = ["headings", "live_choices"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_WAYS: Final = {"": say("nothing"), "group": say("group"), "room": say("room")}
_KEPT: Final = ("by", "wall")


async def live_choices(_: _Context, params: ui.Params) -> list[ui.Choice]:
    """How the meters are gathered, and the page for a wall."""
    kept = {name: params[name] for name in _KEPT if name in params}
    ways = [ui.Link(text, "live", _with(kept, by=by)) for by, text in _WAYS.items()]
    chosen = _WAYS.get(params.get("by", ""), _WAYS[""])
    return [ui.Choice(say("Gathered by"), ways, chosen)]


def _with(kept: dict[str, str], **changes: str) -> dict[str, str]:
    return {name: text for name, text in {**kept, **changes}.items() if text}


async def headings(
    ctx: _Context, endpoints: Sequence[LiveEndpoint], params: ui.Params
) -> dict[str, object]:
    """The heading of each endpoint, by its id; none where nothing is gathered."""
    by = params.get("by", "")
    if by not in _WAYS or not by:
        return {}
    names = {each.id: each.name for each in await groups(ctx)} if by == "group" else {}

    def name_of(endpoint: LiveEndpoint) -> str:
        if by == "room":
            return endpoint.location or say(str(say("no room")))
        return names.get(endpoint.group_id or "", str(say("no group")))

    return _stated(endpoints, name_of)


def _stated(
    endpoints: Iterable[LiveEndpoint], name_of: Callable[[LiveEndpoint], str]
) -> dict[str, object]:
    together: dict[str, list[LiveEndpoint]] = {}
    for each in endpoints:
        together.setdefault(name_of(each), []).append(each)
    return {
        each.id: _heading(name, members)
        for name, members in together.items()
        for each in members
    }


def _heading(name: str, members: Sequence[LiveEndpoint]) -> ui.State:
    away = [each for each in members if is_away(each)]
    known = [each.power_kw for each in members if each.power_kw is not None]
    load = f"{sum(known, Decimal(0)):,.2f} kW" if known else "load unknown"
    words = (
        say("{load}, {n} of {n2} not online").format(
            load=load, n=len(away), n2=len(members)
        )
        if away
        else load
    )
    return ui.State(name, "bad" if away else "ok", words)
