"""Plugin zero at work, and why another plugin is not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from nxforge_core.api import Events, PluginId, PluginInfo
from nxforge_core.builtin import CoreContext, Host
from nxforge_core.plugins import BUILT_IN, Plugin
from nxforge_core.services import get_log

from ._generation import ASGI, Closed, Generation
from ._plugin_jobs import PluginJobs
from ._starter import Started, Starter

__all__ = ["generation_of", "zero_context"]


def zero_context(host: Host, starter: Starter, events: Events) -> CoreContext:
    """What plugin zero's code is handed."""
    zero = starter.inventory[BUILT_IN]
    return CoreContext(
        plugin=PluginInfo(zero.id, zero.distribution, zero.version),
        settings=None,
        db=starter.core.database,
        http=starter.http,
        browser=starter.browser,
        secrets=starter.core.keys.for_plugin(zero.id),
        jobs=PluginJobs(starter.runner, zero.id),
        events=events,
        log=get_log(zero.id),
        clock=starter.clock,
        host=host,
    )


def generation_of(
    core: ASGI, started: Mapping[PluginId, Started], installed: Iterable[Plugin]
) -> Generation:
    """The plugins that are at work, each with its pages, and why others are not."""
    return Generation(
        core=core,
        pages={name: one.traffic.through(core) for name, one in started.items()},
        plugins={name: one.traffic for name, one in started.items()},
        closed=_closed(installed, started),
    )


def _closed(installed: Iterable[Plugin], at_work: Container[str]) -> dict[str, Closed]:
    """Those that do not serve, by id."""
    return {
        plugin.id: Closed(plugin.id, *_why_closed(plugin))
        for plugin in installed
        if plugin.id not in at_work
    }


def _why_closed(plugin: Plugin) -> tuple[str, str]:
    if plugin.problem is None:
        return plugin.state, f"enable it with 'nxforge plugins enable {plugin.id}'"
    # The problem's words may hold paths and values that are not everybody's business.
    reason = f"{plugin.state} in phase {plugin.problem.phase}"
    return reason, f"GET /api/v1/plugins/{plugin.id} explains it"
