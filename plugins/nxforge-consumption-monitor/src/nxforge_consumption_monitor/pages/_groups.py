"""Racks and clients, and the tariffs by which they are billed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_consumption_monitor.groups import (
    GroupBody,
    create_group,
    groups,
    remove_group,
)
from nxforge_consumption_monitor.permissions import (
    READ_ENDPOINTS,
    READ_TARIFFS,
    WRITE_ENDPOINTS,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.tariffs import list_tariffs
from nxforge_core.api import PluginContext, ui

from ._words import counted

__all__ = ["GROUPS_PAGE"]

_Context = PluginContext[MonitorSettings]


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "group": ui.Link(each.name, "reports", {"group": each.id}),
            "kind": each.kind,
            "members": each.members,
            "tz": each.tz,
        }
        for each in await groups(ctx)
    ]


async def _add(ctx: _Context, data: GroupBody) -> ui.Done:
    found = await create_group(ctx, data)
    return ui.Done(f"Group {found.name} is stored.")


async def _delete(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    for key in keys:
        await remove_group(ctx, key)
    return ui.Done(f"{counted(len(keys), 'group')} deleted.")


async def _tariffs(ctx: _Context) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "name": each.name,
            "currency": each.currency,
            "prices": len(each.prices),
            "assigned": each.assigned,
            "settled_until": each.settled_until or "",
        }
        for each in await list_tariffs(ctx.db)
    ]


GROUPS_PAGE: Final = ui.Page(
    name="groups",
    title="Groups and tariffs",
    intro="Racks and clients whose meters are reported and billed together.",
    icon="grid",
    permission=READ_ENDPOINTS,
    body=(
        ui.Table(
            "Groups",
            _rows,
            (
                ui.Column("group", "Group", sort=True),
                ui.Column("kind", "Kind", sort=True),
                ui.Column("members", "Meters", "number", sort=True),
                ui.Column("tz", "Zone", sort=True),
            ),
            key="id",
            sort="group",
            actions=(
                ui.RowAction(
                    "delete",
                    "Delete",
                    _delete,
                    WRITE_ENDPOINTS,
                    confirm="Delete this group? Only one that nothing belongs to goes.",
                    style="danger",
                ),
            ),
            empty="No group yet. A rack or a client is one.",
        ),
        ui.Form(
            "Add a group",
            GroupBody,
            _add,
            fields={"tz": ui.Field("Zone"), "tariff_id": ui.Field("Id of its tariff")},
            button="Add",
            permission=WRITE_ENDPOINTS,
            layout="columns",
        ),
        ui.Table(
            "Tariffs",
            _tariffs,
            (
                ui.Column("name", "Tariff", sort=True),
                ui.Column("currency", "Currency", sort=True),
                ui.Column("prices", "Prices", "number"),
                ui.Column("assigned", "Bills", "number", sort=True),
                ui.Column("settled_until", "Settled until", "time"),
                ui.Column("id", "Id", "code"),
            ),
            key="id",
            permission=READ_TARIFFS,
            empty="No tariff yet: POST /tariffs adds one; reports have a cost then.",
        ),
    ),
)
