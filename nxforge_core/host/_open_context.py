"""A plugin's context for the command line, from a process that is no host."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import Distribution

from nxforge_core.api import PluginContext
from nxforge_core.services import SystemClock
from nxforge_core.settings import LoadedSettings, Settings

from ._assembly import assemble_context
from ._deadlines import Deadlines
from ._order import Order

__all__ = ["open_context"]


@asynccontextmanager
async def open_context(
    settings: Settings,
    plugin: str,
    distributions: Iterable[Distribution] | None = None,
) -> AsyncIterator[PluginContext]:
    """Open the database and hand out the context of one plugin, enabled or not.

    Its tables are brought up to date; its life span does not begin.

    Args:
        settings: What the host is told.
        plugin: Its id.
        distributions: Where plugins are looked for; by default all that is installed.

    Raises:
        NxForgeError: the plugin or the database cannot be used.
    """
    found = None if distributions is None else tuple(distributions)
    order = Order(LoadedSettings.of(settings), SystemClock(), Deadlines(), found)
    async with assemble_context(order, plugin) as context:
        yield context
