"""The first generation of a host: plugin zero, the plugins, and those that are out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nxforge_core.api import PluginId, PluginInfo
from nxforge_core.builtin import CoreContext
from nxforge_core.plugins import BUILT_IN, Plugin
from nxforge_core.services import get_log

from ._application import build_application
from ._generation import Closed, Generation
from ._plugin_events import PluginEvents
from ._plugin_jobs import PluginJobs
from ._running import Running
from ._starter import Started, Starter

__all__ = ["open_routes"]


def open_routes(running: Running, starter: Starter) -> None:
    """Build plugin zero's routes and show all of them."""
    zero = running.inventory[BUILT_IN]
    context = CoreContext(
        plugin=PluginInfo(zero.id, zero.distribution, zero.version),
        settings=None,
        db=running.core.database,
        http=starter.http,
        browser=starter.browser,
        secrets=running.core.keys.for_plugin(zero.id),
        jobs=PluginJobs(running.engine, zero.id),
        events=PluginEvents(running.hub, zero),
        log=get_log(zero.id),
        clock=starter.clock,
        host=running,
    )
    running.context = context
    running.zero = build_application(zero.specs.routes, "", context, starter.access)
    running.generation = Generation(
        core=running.zero.asgi,
        plugins={name: one.application.asgi for name, one in running.started.items()},
        closed=_closed(running.plugins(), running.started),
    )


def _closed(
    installed: Iterable[Plugin], started: Mapping[PluginId, Started]
) -> dict[str, Closed]:
    return {
        plugin.id: Closed(plugin.id, *_why_closed(plugin))
        for plugin in installed
        if plugin.id not in started
    }


def _why_closed(plugin: Plugin) -> tuple[str, str]:
    if plugin.problem is None:
        return plugin.state, f"enable it with 'nxforge plugins enable {plugin.id}'"
    # The problem's words may hold paths and values that are not everybody's business.
    reason = f"{plugin.state} in phase {plugin.problem.phase}"
    return reason, f"GET /api/v1/plugins/{plugin.id} explains it"
