"""One group: its meters, its feeds, and how it is billed."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.groups import GroupView, change_group, show_group
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS, WRITE_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.tariffs import show_tariff
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

from ._group_entry import GROUP_FIELDS, GroupEntry, entry_of_group, group_of
from ._group_members import MEMBERS, OTHERS
from ._words import named

__all__ = ["GROUP_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


async def _asked(ctx: _Context, params: ui.Params) -> GroupView:
    if "id" not in params:
        remedy = "choose a group in the list of groups"
        raise InvalidInputError(field="id", value=None, remedy=remedy)
    return await show_group(ctx, params["id"])


async def _name(ctx: _Context, params: ui.Params) -> str:
    return (await _asked(ctx, params)).name


async def _facts(ctx: _Context, params: ui.Params) -> list[ui.Fact]:
    group = await _asked(ctx, params)
    return [
        ui.Fact(say("Group"), group.name),
        ui.Fact(say("Kind"), named(group.kind)),
        ui.Fact(say("Meters"), str(group.members)),
        ui.Fact(say("Tariff"), await _tariff(ctx, group)),
        ui.Fact(
            say("Report"), ui.Link(say("of this month"), "reports", {"group": group.id})
        ),
        ui.Fact(say("Zone of its months"), group.tz),
        ui.Fact(say("Id for the API"), group.id, "code"),
    ]


async def _tariff(ctx: _Context, group: GroupView) -> object:
    if group.tariff_id is None:
        words = say("its meters are billed by what they have of their own")
        return ui.State(say("none"), "unknown", words)
    found = await show_tariff(ctx.db, group.tariff_id)
    return ui.Link(found.name, "tariff", {"id": found.id})


async def _held(ctx: _Context, params: ui.Params) -> GroupEntry:
    return entry_of_group(await _asked(ctx, params))


async def _change(ctx: _Context, data: GroupEntry, params: ui.Params) -> ui.Done:
    group = await _asked(ctx, params)
    stored = await change_group(ctx, group.id, group_of(data))
    return ui.Done(say("Group {name} is changed.").format(name=stored.name))


GROUP_PAGE: Final = ui.Page(
    name="group",
    title=say("Group"),
    heading=_name,
    menu=False,
    permission=READ_ENDPOINTS,
    links=(ui.Link(say("All groups"), "groups"),),
    body=(
        ui.Detail(say("Group"), _facts, empty=say("There is no such group.")),
        MEMBERS,
        OTHERS,
        ui.Form(
            say("Change the group"),
            GroupEntry,
            _change,
            _held,
            GROUP_FIELDS,
            name="change",
            permission=WRITE_ENDPOINTS,
            layout="columns",
        ),
    ),
)
