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
from nxforge_core.api import PluginContext, ui

from ._words import counted

__all__ = ["MEMBERS", "OTHERS"]

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
    return ui.Done(f"{counted(len(keys), 'meter')} in {group.name} now.")


async def _take_out(ctx: _Context, keys: Sequence[str], reader: ui.Reader) -> ui.Done:
    await _change(ctx, keys, EndpointChange(group_id=None), reader)
    return ui.Done(f"{counted(len(keys), 'meter')} in no group now.")


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
        return ui.Done(f"{counted(len(keys), 'meter')} {feed or 'no feed'} now.")

    return run


MEMBERS: Final = ui.Table(
    "Its meters",
    _members,
    (
        ui.Column("meter", "Meter", sort=True),
        ui.Column("feed", "Feed", sort=True),
        ui.Column("location", "Location", sort=True),
        ui.Column("client_name", "Client", sort=True),
        ui.Column("tariff", "Tariff"),
    ),
    name="members",
    key="id",
    sort="meter",
    actions=(
        ui.RowAction(
            "out", "Take out", _take_out, WRITE_ENDPOINTS, many=True, single=False
        ),
        *(
            ui.RowAction(
                name, title, _fed_by(feed), WRITE_ENDPOINTS, many=True, single=False
            )
            for name, title, feed in (
                ("feed-a", "Feed A", "feed:a"),
                ("feed-b", "Feed B", "feed:b"),
                ("feed-none", "No feed", ""),
            )
        ),
    ),
    empty="No meter yet: select some below and put them in.",
)
OTHERS: Final = ui.Table(
    "Other meters",
    _others,
    (
        ui.Column("meter", "Meter", sort=True),
        ui.Column("group", "Is in", sort=True),
        ui.Column("location", "Location", sort=True),
        ui.Column("client_name", "Client", sort=True),
    ),
    name="others",
    key="id",
    sort="meter",
    search=True,
    size=20,
    permission=WRITE_ENDPOINTS,
    actions=(
        ui.RowAction("in", "Put in", _put_in, WRITE_ENDPOINTS, many=True, single=False),
    ),
    empty="Every meter is in this group.",
)
