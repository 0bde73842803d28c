"""The smallest plugin: one public route."""

from __future__ import annotations

from nxforge_core.api import RouteSpec, hookimpl


async def hello(name: str = "world") -> str:
    """Greet somebody."""
    return f"Hello, {name}!"


@hookimpl
def nxforge_routes() -> list[RouteSpec]:
    """Answer at /api/v1/m/minimal/hello."""
    return [RouteSpec("GET", "/hello", hello, public=True)]
