"""Roles and permissions: what there is, and own ones."""

from __future__ import annotations

from nxforge_core.api import Body, Model, RouteSpec, UnknownItemError
from nxforge_core.security import ROLES

from ._context import CoreContext
from ._security import CallerRequest, actor_of, judge_of

__all__ = [
    "ROUTES",
    "RoleRequest",
    "list_permissions",
    "list_roles",
    "put_role",
    "remove_role",
]


class Role(Model):
    """A role and what it holds; `*` stands for one part, at the end for all."""

    name: str
    built_in: bool
    description: str
    permissions: list[str]


class RoleRequest(Body):
    """What an own role is to hold."""

    permissions: list[str]
    description: str = ""


class PermissionInfo(Model):
    """Something that can be granted.

    Attributes:
        roles: Built-in roles that hold it; `admin` holds all.
    """

    name: str
    description: str
    roles: list[str]


async def list_roles(ctx: CoreContext) -> list[Role]:
    """Built-in roles, then own ones by name."""
    book = ctx.host.security.roles
    built_in = [
        Role(
            name=name,
            built_in=True,
            description="",
            permissions=sorted(book.permissions(name)),
        )
        for name in ROLES
    ]
    own = [
        Role(
            name=one.name,
            built_in=False,
            description=one.description,
            permissions=one.permissions,
        )
        for one in await ctx.host.security.own_roles.list()
    ]
    return built_in + own


async def put_role(
    ctx: CoreContext, request: CallerRequest, name: str, data: RoleRequest
) -> Role:
    """Make an own role or change it; whoever has it follows at once."""
    security = ctx.host.security
    await security.own_roles.put(
        name,
        data.permissions,
        actor_of(request),
        description=data.description,
        judge=judge_of(request, security.roles),
    )
    for role in await list_roles(ctx):
        if role.name == name:
            return role
    # Somebody else was faster and removed it.
    raise UnknownItemError(kind="role", value=name)


async def remove_role(ctx: CoreContext, request: CallerRequest, name: str) -> None:
    """Remove an own role that nobody has."""
    security = ctx.host.security
    judge = judge_of(request, security.roles)
    await security.own_roles.remove(name, actor_of(request), judge)


async def list_permissions(ctx: CoreContext) -> list[PermissionInfo]:
    """All that can be granted, with what it is for."""
    return [
        PermissionInfo(
            name=one.name, description=one.description, roles=sorted(one.roles)
        )
        for one in ctx.host.security.roles.known
    ]


_ONE = "/api/v1/roles/{name:str}"
_READ, _MANAGE = "nxforge:users:read", "nxforge:roles:manage"

ROUTES = [
    RouteSpec("GET", "/api/v1/permissions", list_permissions, permission=_READ),
    RouteSpec("GET", "/api/v1/roles", list_roles, permission=_READ),
    RouteSpec("PUT", _ONE, put_role, permission=_MANAGE),
    RouteSpec("DELETE", _ONE, remove_role, permission=_MANAGE, status=204),
]
