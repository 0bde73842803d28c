"""A Litestar application with an NxForge host inside, whose people are the shop's."""

from __future__ import annotations

import os
from typing import Any

from litestar import Litestar, Request, get
from litestar.connection import ASGIConnection
from litestar.middleware import DefineMiddleware

from nxforge_core.host import NxForge, NxForgePlugin, Visitor
from nxforge_core.settings import load_settings

__all__ = ["app"]


class Badge:
    """Stands for the login that an application has already: a cookie with a name."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Put who asks into the scope, as every authentication middleware does."""
        scope["user"] = ASGIConnection[Any, Any, Any, Any](scope).cookies.get("badge")
        await self._app(scope, receive, send)


class ShopLogin:
    """Tells NxForge who is logged in to the shop."""

    async def visitor(self, scope: Any) -> Visitor | None:
        """The owner runs the meters; everybody else of the shop may look."""
        name = scope["user"]
        if name is None:
            return None
        return Visitor(name, "admin" if name == "owner" else "viewer")


@get("/")
async def index(request: Request[str | None, Any, Any]) -> str:
    """A page of the shop itself."""
    return f"The shop, as {request.user or 'nobody'} sees it; the meters: /nxforge/"


host = NxForge(load_settings(environ=os.environ), login=ShopLogin())
app = Litestar(
    [index],
    middleware=[DefineMiddleware(Badge)],
    plugins=[NxForgePlugin(host, "/nxforge")],
)
