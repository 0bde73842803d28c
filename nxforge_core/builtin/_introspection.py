"""What the host is made of: hooks that ran, routes, how every part is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_core.api import Model, RouteSpec
from nxforge_core.plugins import ACTIVE, BUILT_IN

from ._context import CheckResult, CoreContext
from ._plugins import HookView, find_plugin, show_plugin

__all__ = ["ROUTES"]

_PREFIX: Final = "/api/v1/m/"
_READ: Final = "nxforge:plugins:read"


class HostRoute(Model):
    """A route of the host or of a plugin.

    Attributes:
        path: As requests name it.
        answers: Whether its plugin serves; else it is answered 503.
    """

    plugin: str
    method: str
    path: str
    permission: str | None
    public: bool
    answers: bool


class DeepHealth(Model):
    """How every part is.

    Attributes:
        plugins: States by id.
        failing: Health checks of plugins that fail.
    """

    ready: bool
    checks: dict[str, str]
    plugins: dict[str, str]
    failing: dict[str, list[CheckResult]]


async def show_hooks(ctx: CoreContext, plugin: str) -> list[HookView]:
    """Which hooks of a plugin ran, in which order, how long, what they answered."""
    return (await show_plugin(ctx, plugin)).hooks


async def show_routes(ctx: CoreContext, plugin: str) -> list[HostRoute]:
    """The routes of a plugin."""
    found = find_plugin(ctx, plugin)
    routes, prefix = found.specs.routes, _PREFIX + found.id
    return _routes(found.id, prefix, routes, answers=found.state in ACTIVE)


async def list_routes(ctx: CoreContext) -> list[HostRoute]:
    """Every route of the host, then those of its plugins in load order."""
    # It names this module itself.
    from .plugin import nxforge_routes  # noqa: PLC0415

    every = _routes(BUILT_IN, "", nxforge_routes(), answers=True)
    for plugin in ctx.host.plugins():
        every += await show_routes(ctx, plugin.id)
    return every


async def deep(ctx: CoreContext) -> DeepHealth:
    """Ask every part, the checks of plugins too; 200 whatever they say."""
    readiness = await ctx.host.readiness()
    failing: dict[str, list[CheckResult]] = {}
    for plugin in ctx.host.plugins():
        checks = await ctx.host.check_plugin(plugin.id)
        if bad := [each for each in checks if each.state != "ok"]:
            failing[plugin.id] = bad
    return DeepHealth(
        ready=readiness.ready,
        checks=dict(readiness.checks),
        plugins={plugin.id: plugin.state for plugin in ctx.host.plugins()},
        failing=failing,
    )


def _routes(
    plugin: str, prefix: str, specs: Sequence[RouteSpec], *, answers: bool
) -> list[HostRoute]:
    return [
        HostRoute(
            plugin=plugin,
            method=each.method,
            path=prefix + each.path,
            permission=each.permission,
            public=each.public,
            answers=answers,
        )
        for each in specs
    ]


ROUTES = [
    RouteSpec(
        "GET", "/api/v1/plugins/{plugin:str}/hooks", show_hooks, permission=_READ
    ),
    RouteSpec(
        "GET", "/api/v1/plugins/{plugin:str}/routes", show_routes, permission=_READ
    ),
    RouteSpec("GET", "/api/v1/routes", list_routes, permission=_READ),
    RouteSpec("GET", "/health/deep", deep, permission=_READ),
]
