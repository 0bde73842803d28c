"""Which meters belong to a group, and which could."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.groups import groups, show_group
from nxforge_consumption_monitor.models import EndpointChange, EndpointView
from nxforge_consumption_monitor.permissions import WRITE_ENDPOINTS
from nxforge_consumption_monitor.report import feed_of
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import RuleNote
from nxforge_core.api import PluginContext, load_texts, ui

from ._words import counted

__all__ = ["MEMBERS", "OTHERS"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_FEED: Final = re.compile(r"\s*\bfeed[:_ -]?[ab]\b", re.IGNORECASE)


async def _members(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    asked = params.get("id", "")
    known = await endpoints.list_all(ctx)
    return [_member(each) for each in known if each.group_id == asked]


def _member(meter: EndpointView) -> dict[str, object]:
    feed = feed_of("total", meter.external_ref)
    return {
        "id": meter.id,
        "meter": ui.Link(meter.name, "endpoint", {"id": meter.id}),
        "feed": feed.upper() if feed else "",
        "location": meter.location or "",
        "client_name": meter.client_name or "",
        "tariff": "its own" if meter.tariff_id else "",
    }


async def _others(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    asked = params.get("id", "")
    names = {each.id: each.name for each in await groups(ctx)}
    return [
        {
            "id": each.id,
            "meter": ui.Link(each.name, "endpoint", {"id": each.id}),
            "group": names.get(each.group_id or "", ""),
            "location": each.location or "",
            "client_name": each.client_name or "",
        }
        for each in await endpoints.list_all(ctx)
        if each.group_id != asked
    ]


async def _put_in(
    ctx: _Context, keys: Sequence[str], params: ui.Params, reader: ui.Reader
) -> ui.Done:
    group = await show_group(ctx, params.get("id", ""))
    await _change(ctx, keys, EndpointChange(group_id=group.id), reader)
    return ui.Done(
        say("{counted} in {name} now.").format(
            counted=counted(len(keys), "meter"), name=group.name
        )
    )


async def _take_out(ctx: _Context, keys: Sequence[str], reader: ui.Reader) -> ui.Done:
    await _change(ctx, keys, EndpointChange(group_id=None), reader)
    return ui.Done(
        say("{counted} in no group now.").format(counted=counted(len(keys), "meter"))
    )


async def _change(
    ctx: _Context, keys: Sequence[str], change: EndpointChange, reader: ui.Reader
) -> None:
    for key in keys:
        await endpoints.change(ctx, key, change, rule=RuleNote(by=reader.name))


def _fed_by(feed: str) -> Callable[..., Coroutine[Any, Any, ui.Done]]:
    """What says of meters which feed they measure; empty: none."""

    async def run(ctx: _Context, keys: Sequence[str], reader: ui.Reader) -> ui.Done:
        for key in keys:
            meter = await endpoints.show(ctx, key)
            kept = _FEED.sub("", meter.external_ref or "")
            told = f"{kept} {feed}".strip() or None
            change = EndpointChange(external_ref=told)
            await _change(ctx, [key], change, reader)
        return ui.Done(
            say("{counted} {feed} now.").format(
                counted=counted(len(keys), "meter"), feed=feed or say("no feed")
            )
        )

    return run


MEMBERS: Final = ui.Table(
    say("Its meters"),
    _members,
    (
        ui.Column("meter", say("Meter"), sort=True),
        ui.Column("feed", say("Feed"), sort=True),
        ui.Column("location", say("Location"), sort=True),
        ui.Column("client_name", say("Client"), sort=True),
        ui.Column("tariff", say("Tariff")),
    ),
    name="members",
    key="id",
    sort="meter",
    actions=(
        ui.RowAction(
            "out", say("Take out"), _take_out, WRITE_ENDPOINTS, many=True, single=False
        ),
        *(
            ui.RowAction(
                name, title, _fed_by(feed), WRITE_ENDPOINTS, many=True, single=False
            )
            for name, title, feed in (
                ("feed-a", say("Feed A"), "feed:a"),
                ("feed-b", say("Feed B"), "feed:b"),
                ("feed-none", say("No feed"), ""),
            )
        ),
    ),
    empty=say("No meter yet: select some below and put them in."),
)
OTHERS: Final = ui.Table(
    say("Other meters"),
    _others,
    (
        ui.Column("meter", say("Meter"), sort=True),
        ui.Column("group", say("Is in"), sort=True),
        ui.Column("location", say("Location"), sort=True),
        ui.Column("client_name", say("Client"), sort=True),
    ),
    name="others",
    key="id",
    sort="meter",
    search=True,
    size=20,
    permission=WRITE_ENDPOINTS,
    actions=(
        ui.RowAction(
            "in", say("Put in"), _put_in, WRITE_ENDPOINTS, many=True, single=False
        ),
    ),
    empty=say("Every meter is in this group."),
)
