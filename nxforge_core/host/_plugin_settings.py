"""The settings of one plugin for the command line, from a process that is no host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nxforge_core.api import SettingsSpec, UnknownItemError
from nxforge_core.plugins.settings import NO_SETTINGS, SettingsBook, Told
from nxforge_core.security.audit import Actor
from nxforge_core.services import SystemClock
from nxforge_core.settings import LoadedSettings

from ._core import open_core
from ._deadlines import Deadlines
from ._order import Order
from .lifecycle import take_one

__all__ = ["PluginSettings", "open_plugin_settings", "unset_plugin_settings"]


@dataclass(frozen=True, slots=True)
class PluginSettings:
    """What the command line asks of a plugin's settings."""

    book: SettingsBook
    plugin: str
    spec: SettingsSpec

    async def tell(self) -> list[Told]:
        """Every setting with its value and source; no secret."""
        return await self.book.tell(self.plugin, self.spec)

    async def find(self, name: str) -> Told:
        """One setting.

        Raises:
            UnknownItemError: the plugin has no such setting.
        """
        for one in await self.tell():
            if one.name == name:
                return one
        remedy = f"'nxforge settings list {self.plugin}' shows them"
        raise UnknownItemError(kind="setting", value=name, remedy=remedy)

    async def set(self, given: Mapping[str, object], by: Actor) -> None:
        """Set some; all or nothing."""
        await self.book.change(self.plugin, self.spec, by, given)


@asynccontextmanager
async def open_plugin_settings(
    loaded: LoadedSettings, plugin: str
) -> AsyncIterator[PluginSettings]:
    """Import the plugin, enabled or not, and open what is stored of its settings.

    Raises:
        NxForgeError: the plugin or the database cannot be used.
    """
    order = Order(loaded, SystemClock(), Deadlines(), None)
    inventory = await asyncio.to_thread(take_one, order, plugin)
    spec = inventory[plugin].specs.settings or NO_SETTINGS
    async with open_core(loaded.settings) as core:
        book = SettingsBook(loaded, core.database, core.keys, order.clock)
        yield PluginSettings(book, plugin, spec)


async def unset_plugin_settings(
    loaded: LoadedSettings, plugin: str, names: Collection[str], by: Actor
) -> list[str]:
    """Forget stored values without importing the plugin; no names: all of them."""
    async with open_core(loaded.settings) as core:
        book = SettingsBook(loaded, core.database, core.keys, SystemClock())
        return await book.unset(plugin, names, by)
