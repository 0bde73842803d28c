"""The context of a plugin whose jobs use a database, a log and a clock."""

from __future__ import annotations

from typing import Any

from nxforge_core.api import PluginContext, PluginId, PluginInfo
from nxforge_core.database import Pool
from nxforge_core.services import SystemClock, get_log

__all__ = ["job_plugin_context"]


def job_plugin_context(plugin: PluginId, pool: Pool) -> PluginContext[Any]:
    """A context with what tests of jobs use of it."""
    unused: Any = None
    return PluginContext(
        plugin=PluginInfo(plugin, "meter-probe", "1.0"),
        settings=None,
        db=pool,
        http=unused,
        browser=unused,
        secrets=unused,
        jobs=unused,
        events=unused,
        log=get_log(plugin),
        clock=SystemClock(),
    )
