"""What dead processes died of: the plugin that it was is held back, and no other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from nxforge_core.api import Database
from nxforge_core.host._order import Order
from nxforge_core.plugins import BUILT_IN, Candidate
from nxforge_core.services import get_log

from ._inventory import find_plugins
from ._journal import Death, read_deaths
from ._trial import culprit_of, place_of, try_out
from ._wishes import hold

__all__ = ["hold_inquest"]


async def hold_inquest(order: Order, folder: Path, database: Database) -> None:
    """Look at what dead processes of this machine left, once.

    A process that was ended from outside while it imported a plugin leaves the same as
    one that died of it: so the plugin is tried in a process of its own, and held back
    only where it ends that one, too.
    """
    deaths = await asyncio.to_thread(read_deaths, folder)
    if not deaths:
        return
    found = find_plugins(order.clock, order.distributions)
    candidates = [
        each for each in found if isinstance(each, Candidate) and each.id != BUILT_IN
    ]
    for death in deaths:
        plugin = _whose(death, candidates)
        if plugin is None:
            continue
        why = await _why(death, plugin, order.deadlines.load)
        if why is None:
            get_log(plugin.id).info("a process ended in its import, not by its fault")
            continue
        get_log(plugin.id).error("plugin held back", phase=death.phase, why=why)
        await hold(database, plugin, death.phase, why)


def _whose(death: Death, candidates: Sequence[Candidate]) -> Candidate | None:
    known = {plugin.id: plugin for plugin in candidates}
    if not death.plugin:
        return known.get(culprit_of(death.trace, candidates).plugin)
    plugin = known.get(death.plugin)
    return plugin if plugin and plugin.version == death.version else None


async def _why(death: Death, plugin: Candidate, seconds: float) -> str | None:
    if death.trace:
        return f"crashed the process{place_of(death.trace, plugin)}"
    if death.hung:
        return f"did not come to an end in {death.hung}"
    if death.phase == "start":
        return "ended the process while its life span began"
    return await try_out(plugin, seconds)
