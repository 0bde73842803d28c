"""What is done to plugins beyond switching them: planned, agreed to."""

from __future__ import annotations

from nxforge_core.api import Body, RouteSpec
from nxforge_core.plugins.upkeep import Plan

from ._context import CoreContext
from ._plugins import PluginView, show_plugin
from ._security import CallerRequest, actor_of

__all__ = ["ROUTES", "agree_to_plugin", "rehearse_plugin", "show_plan"]

_ONE = "/api/v1/plugins/{plugin:str}"
_MANAGE = "nxforge:plugins:manage"


class Consent(Body):
    """Which version an admin agrees to: that of the plan that was looked at."""

    version: str


async def show_plan(ctx: CoreContext, plugin: str) -> Plan:
    """What it would change to run the plugin as it is installed now."""
    return await ctx.host.upkeep.plan(plugin)


async def rehearse_plugin(ctx: CoreContext, plugin: str) -> Plan:
    """The plan, and what came of running its migrations and undoing them."""
    return await ctx.host.upkeep.plan(plugin, rehearse=True)


async def agree_to_plugin(
    ctx: CoreContext, request: CallerRequest, plugin: str, data: Consent
) -> PluginView:
    """Let it have what its installed version asks for; hosts try it again."""
    await ctx.host.upkeep.agree(plugin, data.version, actor_of(request))
    return await show_plugin(ctx, plugin)


ROUTES = [
    RouteSpec("GET", f"{_ONE}/plan", show_plan, permission=_MANAGE),
    RouteSpec(
        "POST", f"{_ONE}/rehearsal", rehearse_plugin, permission=_MANAGE, status=200
    ),
    RouteSpec("POST", f"{_ONE}/consent", agree_to_plugin, permission=_MANAGE),
]
