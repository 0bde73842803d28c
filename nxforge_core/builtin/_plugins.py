"""What is installed, in which state, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nxforge_core.api import Model, RouteSpec, UnknownItemError, manifest_schema
from nxforge_core.plugins import Plugin, Problem

from ._context import CoreContext, PluginWord
from ._security import CallerRequest, actor_of

__all__ = [
    "ROUTES",
    "PluginView",
    "find_plugin",
    "list_plugins",
    "show_plugin",
]

_ONE = "/api/v1/plugins/{plugin:str}"
_READ, _MANAGE = "nxforge:plugins:read", "nxforge:plugins:manage"


class ProblemView(Model):
    """Why a plugin does not serve."""

    phase: str
    message: str
    remedy: str
    at: datetime
    file: str | None
    line: int | None
    traceback: str | None


class RouteView(Model):
    """A route as the plugin declares it."""

    method: str
    path: str
    permission: str | None
    public: bool


class HookView(Model):
    """One call of a hook at load time."""

    hook: str
    milliseconds: float
    outcome: str


class Adds(Model):
    """What a plugin adds to the host."""

    routes: list[RouteView]
    jobs: list[str]
    pages: list[str]
    migrations: bool


class PluginView(Model):
    """One installed plugin."""

    id: str
    display_name: str | None
    description: str | None
    distribution: str
    version: str
    state: str
    since: datetime
    reason: ProblemView | None
    adds: Adds
    hooks: list[HookView]


async def list_plugins(ctx: CoreContext) -> list[PluginView]:
    """All installed plugins, in the order they are loaded."""
    await ctx.host.look_for_plugins()
    return [_view(plugin) for plugin in ctx.host.plugins()]


async def show_plugin(ctx: CoreContext, plugin: str) -> PluginView:
    """One installed plugin."""
    return _view(find_plugin(ctx, plugin))


async def enable_plugin(
    ctx: CoreContext, request: CallerRequest, plugin: str
) -> PluginView:
    """Let every process run it; one in quarantine is tried again."""
    return await _changed(ctx, request, plugin, "enable")


async def disable_plugin(
    ctx: CoreContext, request: CallerRequest, plugin: str
) -> PluginView:
    """Let no process run it any more; its data stays."""
    return await _changed(ctx, request, plugin, "disable")


async def reload_plugin(
    ctx: CoreContext, request: CallerRequest, plugin: str
) -> PluginView:
    """Start it once more in every process, from its files as they are now."""
    return await _changed(ctx, request, plugin, "reload")


async def _changed(
    ctx: CoreContext, request: CallerRequest, plugin: str, word: PluginWord
) -> PluginView:
    await ctx.host.change_plugin(plugin, word, actor_of(request))
    return await show_plugin(ctx, plugin)


async def show_manifest_schema() -> dict[str, Any]:
    """JSON Schema of manifest.json."""
    return manifest_schema()


def find_plugin(ctx: CoreContext, plugin: str) -> Plugin:
    """An installed plugin as it is now.

    Raises:
        UnknownItemError: nobody installed it.
    """
    for candidate in ctx.host.plugins():
        if candidate.id == plugin:
            return candidate
    raise UnknownItemError(
        kind="plugin", value=plugin, remedy="GET /api/v1/plugins lists them"
    )


def _view(plugin: Plugin) -> PluginView:
    manifest = plugin.manifest
    return PluginView(
        id=plugin.id,
        display_name=manifest.display_name if manifest else None,
        description=manifest.description if manifest else None,
        distribution=plugin.distribution,
        version=plugin.version,
        state=plugin.state,
        since=plugin.since,
        reason=_problem(plugin.problem) if plugin.problem else None,
        adds=_adds(plugin),
        hooks=[
            HookView(
                hook=call.hook,
                milliseconds=round(call.seconds * 1000, 3),
                outcome=call.outcome,
            )
            for call in plugin.calls
        ],
    )


def _problem(problem: Problem) -> ProblemView:
    return ProblemView(
        phase=problem.phase,
        message=problem.message,
        remedy=problem.remedy,
        at=problem.at,
        file=problem.file,
        line=problem.line,
        traceback=problem.traceback,
    )


def _adds(plugin: Plugin) -> Adds:
    specs = plugin.specs
    return Adds(
        routes=[
            RouteView(
                method=route.method,
                path=route.path,
                permission=route.permission,
                public=route.public,
            )
            for route in specs.routes
        ],
        jobs=[job.name for job in specs.jobs],
        pages=[page.name for page in specs.pages],
        migrations=specs.migrations is not None,
    )


ROUTES = [
    RouteSpec("GET", "/api/v1/plugins", list_plugins, permission=_READ),
    RouteSpec(
        "GET", "/api/v1/plugins/manifest-schema", show_manifest_schema, permission=_READ
    ),
    RouteSpec("GET", _ONE, show_plugin, permission=_READ),
    RouteSpec("POST", f"{_ONE}/enable", enable_plugin, permission=_MANAGE),
    RouteSpec("POST", f"{_ONE}/disable", disable_plugin, permission=_MANAGE),
    RouteSpec("POST", f"{_ONE}/reload", reload_plugin, permission=_MANAGE),
]
