"""What is done to plugins beyond switching them: planned, agreed to."""

from __future__ import annotations

from nxforge_core.api import Body, InvalidInputError, Model, RouteSpec
from nxforge_core.plugins.upkeep import MigrationStep, Orphan, Plan, Receipt

from ._context import CoreContext
from ._plugins import PluginView, show_plugin
from ._security import CallerRequest, actor_of

__all__ = [
    "ROUTES",
    "agree_to_plugin",
    "list_orphans",
    "rehearse_plugin",
    "remove_plugin",
    "restore_plugin",
    "show_migrations",
    "show_plan",
]

_ONE = "/api/v1/plugins/{plugin:str}"
_READ, _MANAGE = "nxforge:plugins:read", "nxforge:plugins:manage"


class Removal(Body):
    """What an admin wants to be rid of.

    Attributes:
        confirm: The plugin's id once more.
        export: Write all of it to a file in the host's data directory first.
    """

    confirm: str
    export: bool = True


class Restoration(Body):
    """Which export is brought back: its name in the folder `exports`."""

    file: str


class Restored(Model):
    """What was brought back; it is disabled."""

    plugin: str


class Consent(Body):
    """Which version an admin agrees to: that of the plan that was looked at."""

    version: str


async def show_plan(ctx: CoreContext, plugin: str) -> Plan:
    """What it would change to run the plugin as it is installed now."""
    return await ctx.host.upkeep.plan(plugin)


async def rehearse_plugin(ctx: CoreContext, plugin: str) -> Plan:
    """The plan, and what came of running its migrations and undoing them."""
    return await ctx.host.upkeep.plan(plugin, rehearse=True)


async def show_migrations(ctx: CoreContext, plugin: str) -> list[MigrationStep]:
    """Every migration of a plugin, applied or not."""
    return await ctx.host.upkeep.migrations(plugin)


async def list_orphans(ctx: CoreContext) -> list[Orphan]:
    """Plugins whose package is gone and whose data is still here."""
    return await ctx.host.upkeep.orphans()


async def remove_plugin(
    ctx: CoreContext, request: CallerRequest, plugin: str, data: Removal
) -> Receipt:
    """Take out all that there is of a disabled plugin.

    Raises:
        InvalidInputError: `confirm` is not its id.
    """
    if data.confirm != plugin:
        raise InvalidInputError(
            field="confirm", value=data.confirm, remedy=f"type {plugin!r}"
        )
    by = actor_of(request)
    return await ctx.host.upkeep.remove(plugin, by, export=data.export)


async def restore_plugin(
    ctx: CoreContext, request: CallerRequest, data: Restoration
) -> Restored:
    """Bring back a plugin that was removed here."""
    by = actor_of(request)
    return Restored(plugin=await ctx.host.upkeep.restore(data.file, by))


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
    RouteSpec("GET", f"{_ONE}/migrations", show_migrations, permission=_READ),
    RouteSpec("GET", "/api/v1/plugins/orphans", list_orphans, permission=_READ),
    RouteSpec("POST", f"{_ONE}/remove", remove_plugin, permission=_MANAGE, status=200),
    RouteSpec(
        "POST",
        "/api/v1/plugins/restore",
        restore_plugin,
        permission=_MANAGE,
        status=200,
    ),
    RouteSpec("POST", f"{_ONE}/consent", agree_to_plugin, permission=_MANAGE),
]
