"""How one plugin is, asked now."""

from __future__ import annotations

from nxforge_core.api import Model, RouteSpec

from ._context import CheckResult, CoreContext
from ._plugins import find_plugin

__all__ = ["ROUTES"]


class PluginHealth(Model):
    """The state of a plugin and what its checks found; none run where it does not."""

    id: str
    state: str
    checks: list[CheckResult]


async def check_plugin(ctx: CoreContext, plugin: str) -> PluginHealth:
    """Run the health checks of a plugin: a failing one makes it degraded."""
    find_plugin(ctx, plugin)
    checks = list(await ctx.host.check_plugin(plugin))
    return PluginHealth(id=plugin, state=find_plugin(ctx, plugin).state, checks=checks)


ROUTES = [
    RouteSpec(
        "GET",
        "/api/v1/plugins/{plugin:str}/health",
        check_plugin,
        permission="nxforge:plugins:read",
    ),
]
