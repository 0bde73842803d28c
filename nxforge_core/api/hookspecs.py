"""The hooks a plugin may implement.

A plugin module marks functions with `@hookimpl`; each returns frozen specs and does
no work of its own, so a plugin can be judged without running a host. The host calls
implementations one by one, in dependency order and then by id; one that raises puts
its own plugin in quarantine and stops no other.

::

    from nxforge_core.api import RouteSpec, hookimpl

    async def hello(name: str = "world") -> str:
        return f"Hello, {name}!"

    @hookimpl
    def nxforge_routes() -> list[RouteSpec]:
        return [RouteSpec("GET", "/hello", hello, public=True)]
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from ._context import PluginContext
from ._events import SubscriptionSpec
from ._jobs import JobSpec
from ._markers import hookspec
from ._routes import RouteSpec
from ._specs import (
    CommandSpec,
    HealthSpec,
    MigrationsSpec,
    SettingsSpec,
)
from .pages import Page

__all__ = [
    "nxforge_commands",
    "nxforge_events",
    "nxforge_health",
    "nxforge_jobs",
    "nxforge_lifespan",
    "nxforge_migrations",
    "nxforge_pages",
    "nxforge_routes",
    "nxforge_settings",
]


@hookspec
def nxforge_routes() -> Sequence[RouteSpec]:
    """Routes below `/api/v1/m/<plugin>`.

    Called once when the plugin is loaded. A route without permission and without
    `public=True`, or two routes with one method and path, quarantine the plugin.
    Added in 0.1.
    """
    raise NotImplementedError


@hookspec
def nxforge_jobs() -> Sequence[JobSpec]:
    """Jobs of the plugin.

    Called once when the plugin is loaded. A name twice, a trigger that cannot fire or
    a handler that is not async quarantine the plugin. Added in 0.1.
    """
    raise NotImplementedError


@hookspec
def nxforge_migrations() -> MigrationsSpec:
    """Where the plugin's migrations lie.

    Called once when the plugin is loaded, before any other code of the plugin needs
    its tables. The pending ones run in one transaction; a failure rolls all of them
    back and quarantines the plugin. Added in 0.1.
    """
    raise NotImplementedError


@hookspec
def nxforge_settings() -> SettingsSpec:
    """The struct of the plugin's settings.

    Called once when the plugin is loaded. A value of the operator that does not fit
    quarantines the plugin and names the value. Added in 0.1.
    """
    raise NotImplementedError


@hookspec
def nxforge_pages() -> Sequence[Page]:
    """Pages below `/ui/<plugin>`.

    Called once when the plugin is loaded; their sources are called for each request.
    Added in 0.1.
    """
    raise NotImplementedError


@hookspec
def nxforge_events() -> Sequence[SubscriptionSpec]:
    """Events the plugin wants to hear.

    Called once when the plugin is loaded; the handlers are called while it runs. A
    pattern that `events.listens` of the manifest does not name, a name twice or a
    handler that is not async quarantine the plugin. Added in 0.1.
    """
    raise NotImplementedError


@hookspec
def nxforge_lifespan(ctx: PluginContext) -> AbstractAsyncContextManager[None]:
    """What must run from the plugin's start to its stop.

    Called once after the migrations; the manager is entered before the first request
    or run and left after the last. Failing to enter quarantines the plugin. Added in
    0.1.
    """
    raise NotImplementedError


@hookspec
def nxforge_health() -> Sequence[HealthSpec]:
    """Checks of the plugin, run when somebody asks for the host's health.

    A failing check makes the plugin `degraded`; it goes on serving. Added in 0.1.
    """
    raise NotImplementedError


@hookspec
def nxforge_commands() -> Sequence[CommandSpec]:
    """Commands reached as `nxforge <plugin> <command>`.

    Called only when somebody types the plugin's id. It needs neither a database nor
    an enabled plugin; a command that asks for the context gets the database when it is
    called. Added in 0.1.
    """
    raise NotImplementedError
