"""The settings of running plugins, kept true to what admins set in any process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

from nxforge_core.api import PluginId
from nxforge_core.api._context import retune
from nxforge_core.events import Listener
from nxforge_core.plugins.settings import NO_SETTINGS, SettingsBook
from nxforge_core.services import beside, get_log

from ._starter import Started

__all__ = ["Tuning"]

#: Told by a trigger of the table, with the plugin's id.
_CHANNEL: Final = "nxforge_plugin_settings"
#: Seconds until the next look where one failed.
_PAUSE: Final = 1.0


class AtWork(Protocol):
    """What is stored, and the plugins at work."""

    @property
    def settings_book(self) -> SettingsBook:
        """What admins set of plugins."""
        ...

    @property
    def started(self) -> Mapping[PluginId, Started]:
        """The plugins at work."""
        ...


class Tuning:
    """Hands changed settings to plugins at work, and tells them so.

    Args:
        work: The host's.
        seconds: That a plugin's `changed` gets.
    """

    def __init__(self, work: AtWork, seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        # One at a time: a slow look must not undo what a later one saw.
        self._looking = asyncio.Lock()
        self._stale: asyncio.Queue[PluginId] = asyncio.Queue()

    async def apply(self, plugin: str) -> None:
        """Look at what is stored, and hand it over if it is another than before.

        Raises:
            NxForgeError: what is stored cannot be used; the plugin keeps what it has.
        """
        async with self._looking:
            started = self._work.started.get(PluginId(plugin))
            if started is None:
                return
            spec = started.plugin.specs.settings or NO_SETTINGS
            before = started.context.settings
            settings = await self._work.settings_book.open(plugin, spec)
            if settings == before:
                return
            retune(started.context, settings)
            await self._tell(started, before)

    @asynccontextmanager
    async def following(self, listener: Listener) -> AsyncIterator[None]:
        """Follow what any process changes, and look again after a lost connection."""
        end = listener.listen(_CHANNEL, self._hear, self._hear_all)
        try:
            async with beside(self._follow()):
                yield
        finally:
            end()

    def _hear(self, plugin: str) -> None:
        self._stale.put_nowait(PluginId(plugin))

    def _hear_all(self) -> None:
        for plugin in self._work.started:
            self._stale.put_nowait(plugin)

    async def _follow(self) -> None:
        while True:
            plugin = await self._stale.get()
            try:
                await self.apply(plugin)
            except Exception as error:  # noqa: BLE001 - the database may be away
                get_log(plugin).warning("settings not read", why=str(error))
                self._stale.put_nowait(plugin)
                await asyncio.sleep(_PAUSE)

    async def _tell(self, started: Started, before: Any) -> None:
        spec, log = started.plugin.specs.settings, started.context.log
        log.info("settings changed")
        if spec is None or spec.changed is None:
            return
        try:
            async with asyncio.timeout(self._seconds):
                await spec.changed(started.context, before)
        except (Exception, SystemExit):  # it is a plugin's code
            log.exception("changed settings not taken")
