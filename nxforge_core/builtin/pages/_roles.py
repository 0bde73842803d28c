"""What roles hold, and roles of one's own."""

from __future__ import annotations

from typing import Final

import msgspec

from nxforge_core.api import load_texts, ui
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

say = load_texts("nxforge_core")

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
            "kind": say("built in") if each.built_in else say("own"),
            "permissions": names(each.permissions),
            "description": each.description,
        }
        for each in await list_roles(ctx)
    ]


async def _permissions(ctx: CoreContext) -> list[dict[str, object]]:
    return [
        {
            "name": each.name,
            "description": say(each.description),
            "roles": names(["admin", *each.roles]),
        }
        for each in await list_permissions(ctx)
    ]


async def _put(ctx: CoreContext, data: OwnRole, reader: Caller) -> ui.Done:
    wanted = RoleRequest(permissions=data.permissions, description=data.description)
    role = await put_role(ctx, reader.request, data.name, wanted)
    return ui.Done(
        say("{name} holds {permissions} permissions.").format(
            name=role.name, permissions=len(role.permissions)
        )
    )


async def _remove(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for name in keys:
        await remove_role(ctx, reader.request, name)
    return ui.Done(say("Removed: {keys}.").format(keys=", ".join(keys)))


ROLES: Final = (
    ui.Table(
        say("Roles"),
        _roles,
        (
            ui.Column("name", say("Role"), sort=True),
            ui.Column("kind", say("Kind"), sort=True),
            ui.Column("permissions", say("Holds")),
            ui.Column("description", say("For")),
        ),
        key="name",
        actions=(
            ui.RowAction(
                "remove",
                say("Remove"),
                _remove,
                permission=_MANAGE,
                confirm=say("Remove {n}? Only roles of your own that nobody has."),
                style="danger",
                many=True,
                single=False,
            ),
        ),
        csv=False,
    ),
    ui.Form(say("Make a role"), OwnRole, _put, permission=_MANAGE),
    ui.Table(
        say("Permissions"),
        _permissions,
        (
            ui.Column("name", say("Permission"), "code", sort=True),
            ui.Column("description", say("What it allows")),
            ui.Column("roles", say("Built-in roles")),
        ),
        search=True,
    ),
)
