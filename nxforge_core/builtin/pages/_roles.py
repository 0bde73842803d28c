"""What roles hold, and roles of one's own."""

from __future__ import annotations

from typing import Final

import msgspec

from nxforge_core.api import ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._roles import (
    RoleRequest,
    list_permissions,
    list_roles,
    put_role,
    remove_role,
)

from ._words import names

__all__ = ["ROLES"]

_MANAGE: Final = "nxforge:roles:manage"


class OwnRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role of one's own; of a name that is there, it is changed.

    Attributes:
        permissions: Those of the list below; a star stands for one part of a name.
    """

    name: str
    permissions: list[str]
    description: str = ""


async def _roles(ctx: CoreContext) -> list[dict[str, object]]:
    return [
        {
            "name": each.name,
            "kind": "built in" if each.built_in else "own",
            "permissions": names(each.permissions),
            "description": each.description,
        }
        for each in await list_roles(ctx)
    ]


async def _permissions(ctx: CoreContext) -> list[dict[str, object]]:
    return [
        {
            "name": each.name,
            "description": each.description,
            "roles": names(["admin", *each.roles]),
        }
        for each in await list_permissions(ctx)
    ]


async def _put(ctx: CoreContext, data: OwnRole, reader: Caller) -> ui.Done:
    wanted = RoleRequest(permissions=data.permissions, description=data.description)
    role = await put_role(ctx, reader.request, data.name, wanted)
    return ui.Done(f"{role.name} holds {len(role.permissions)} permissions.")


async def _remove(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for name in keys:
        await remove_role(ctx, reader.request, name)
    return ui.Done(f"Removed: {', '.join(keys)}.")


ROLES: Final = (
    ui.Table(
        "Roles",
        _roles,
        (
            ui.Column("name", "Role", sort=True),
            ui.Column("kind", "Kind", sort=True),
            ui.Column("permissions", "Holds"),
            ui.Column("description", "For"),
        ),
        key="name",
        actions=(
            ui.RowAction(
                "remove",
                "Remove",
                _remove,
                permission=_MANAGE,
                confirm="Remove {n}? Only roles of your own that nobody has.",
                style="danger",
                many=True,
                single=False,
            ),
        ),
        csv=False,
    ),
    ui.Form("Make a role", OwnRole, _put, permission=_MANAGE),
    ui.Table(
        "Permissions",
        _permissions,
        (
            ui.Column("name", "Permission", "code", sort=True),
            ui.Column("description", "What it allows"),
            ui.Column("roles", "Built-in roles"),
        ),
        search=True,
    ),
)
