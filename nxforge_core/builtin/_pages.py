"""Pages for people."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import RouteSpec

from ._context import CoreContext
from ._files import HtmlPage
from ._look import look_at, shown
from ._security import CallerRequest

__all__ = ["ROUTES"]

_READ: Final = "nxforge:pages:read"


async def show(
    ctx: CoreContext, request: CallerRequest, plugin: str, name: str
) -> HtmlPage:
    """One page of a plugin."""
    return await shown(ctx, request, look_at(ctx, request, plugin, name))


ROUTES = [
    RouteSpec("GET", "/ui/{plugin:str}/{name:str}", show, permission=_READ),
]
