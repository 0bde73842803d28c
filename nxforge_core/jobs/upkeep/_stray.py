"""Ending runs that no worker will ever take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_core.api import Log, PluginId
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.delivery import Link, query

__all__ = ["MOST_WAIT", "end_strays"]

#: Seconds a plugin's runs wait for a worker that has it.
MOST_WAIT: Final = 600.0


async def end_strays(
    link: Link, here: Iterable[PluginId], log: Log, seconds: float = MOST_WAIT
) -> None:
    """Skip runs of plugins that neither this process nor, it seems, any other has.

    A plugin's queue is served by those who have the plugin: where it was removed, or
    is switched off everywhere, nobody looks into it.
    """
    async with link.transaction() as connection:
        ended = await query(
            connection, SQL.end_strays, here=sorted(set(here)), seconds=seconds
        )
    for run, plugin, job in ended:
        log.warning("run_without_worker", run=run, plugin=plugin, job=job)
