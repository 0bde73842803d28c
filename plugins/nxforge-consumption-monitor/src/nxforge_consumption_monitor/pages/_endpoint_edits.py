"""Who changed an endpoint, when, and what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._choices import group_choices
from ._one import endpoint_of
from ._words import named

__all__ = ["EDITS"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


async def _edits(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    endpoint = await endpoint_of(ctx, params)
    names = dict(await group_choices(ctx))
    return [
        {
            "at": each.done_at,
            "by": each.done_by or "",
            "what": _words(each.changes, names),
        }
        for each in await endpoints.edits(ctx, endpoint.id)
    ]


def _words(
    changes: Mapping[str, tuple[object, object]], groups: Mapping[str, str]
) -> str:
    return "; ".join(
        f"{named(name)}: {_word(was, groups)} → {_word(now, groups)}"
        for name, (was, now) in changes.items()
    )


def _word(value: object, groups: Mapping[str, str]) -> str:
    if value is None or value == "":
        return say("nothing")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return groups.get(str(value), str(value))


EDITS: Final = ui.Table(
    say("Changes"),
    _edits,
    (
        ui.Column("at", say("When"), "time", sort=True),
        ui.Column("by", say("By"), sort=True),
        ui.Column("what", say("What")),
    ),
    name="edits",
    sort="-at",
    size=20,
    permission=READ_ENDPOINTS,
    empty=say("Nobody changed it since it was set up."),
)
