"""Racks and clients whose meters are reported and billed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nxforge_consumption_monitor.groups import (
    GroupView,
    create_group,
    groups,
    remove_group,
)
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS, WRITE_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.tariffs import list_tariffs
from nxforge_core.api import PluginContext, load_texts, ui

from ._group_entry import GROUP_FIELDS, GroupEntry, group_of
from ._words import counted, named

__all__ = ["GROUPS_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    tariffs = {each.id: each.name for each in await list_tariffs(ctx.db)}
    return [_row(each, tariffs) for each in await groups(ctx)]


def _row(group: GroupView, tariffs: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": group.id,
        "group": ui.Link(group.name, "group", {"id": group.id}),
        "kind": named(group.kind),
        "members": group.members,
        "tariff": tariffs.get(group.tariff_id or "", ""),
        "report": ui.Link(say("report"), "reports", {"group": group.id}),
        "tz": group.tz,
    }


async def _add(ctx: _Context, data: GroupEntry) -> ui.Done:
    found = await create_group(ctx, group_of(data))
    words = say("Group {name} is stored. Now put its meters in.").format(
        name=found.name
    )
    return ui.Done(words, go=ui.Link(found.name, "group", {"id": found.id}))


async def _delete(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    for key in keys:
        await remove_group(ctx, key)
    return ui.Done(
        say("{counted} deleted.").format(counted=counted(len(keys), "group"))
    )


GROUPS_PAGE: Final = ui.Page(
    name="groups",
    title=say("Groups"),
    intro=say("Racks and clients whose meters are reported and billed together."),
    icon="grid",
    permission=READ_ENDPOINTS,
    body=(
        ui.Table(
            say("Groups"),
            _rows,
            (
                ui.Column("group", say("Group"), sort=True),
                ui.Column("kind", say("Kind"), sort=True),
                ui.Column("members", say("Meters"), "number", sort=True),
                ui.Column("tariff", say("Tariff"), sort=True),
                ui.Column("report", say("Report")),
                ui.Column("tz", say("Zone"), sort=True, hidden=True),
            ),
            key="id",
            sort="group",
            search=True,
            actions=(
                ui.RowAction(
                    "delete",
                    say("Delete"),
                    _delete,
                    WRITE_ENDPOINTS,
                    confirm=say(
                        "Delete this group? Only one that nothing belongs to goes."
                    ),
                    style="danger",
                ),
            ),
            empty=say("No group yet. A rack or a client is one."),
        ),
        ui.Form(
            say("Add a group"),
            GroupEntry,
            _add,
            fields=GROUP_FIELDS,
            button=say("Add the group"),
            permission=WRITE_ENDPOINTS,
            layout="columns",
        ),
    ),
)
