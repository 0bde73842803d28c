"""The API's own description, and who the caller is to it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from nxforge_core.api import Model, RouteSpec

from ._context import CoreContext
from ._security import CallerRequest

__all__ = ["ROUTES"]


class Me(Model):
    """The caller."""

    name: str
    role: str
    permissions: list[str]


async def show_openapi(
    ctx: CoreContext, request: CallerRequest
) -> Response[dict[str, Any]]:
    """The OpenAPI document of every route that answers now."""
    server = {"url": str(request.scope.get("root_path", "")) or "/"}
    document = {**await ctx.host.openapi(), "servers": [server]}
    return Response(document, media_type="application/json")


async def me(request: CallerRequest) -> Me:
    """Who the token belongs to and what it may do."""
    caller = request.user
    return Me(
        name=caller.name, role=caller.role, permissions=sorted(caller.permissions)
    )


ROUTES = [
    RouteSpec(
        "GET", "/schema/openapi.json", show_openapi, permission="nxforge:schema:read"
    ),
    RouteSpec("GET", "/api/v1/me", me, permission="nxforge:me:read"),
]
