"""What is installed, in which state, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nxforge_core.api import Model, RouteSpec, UnknownItemError, manifest_schema
from nxforge_core.plugins import Plugin, Problem

from ._context import CoreContext

__all__ = [
    "ROUTES",
    "PluginView",
    "find_plugin",
    "list_plugins",
    "show_plugin",
]

_READ = "nxforge:plugins:read"


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
    return [_view(plugin) for plugin in ctx.host.plugins()]


async def show_plugin(ctx: CoreContext, plugin: str) -> PluginView:
    """One installed plugin."""
    return _view(find_plugin(ctx, plugin))


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
    RouteSpec("GET", "/api/v1/plugins/{plugin:str}", show_plugin, permission=_READ),
]
