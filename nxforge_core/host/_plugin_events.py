"""A plugin's voice in the hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from nxforge_core.events import EventHub
from nxforge_core.plugins import Plugin

__all__ = ["PluginEvents"]

_Data: TypeAlias = Mapping[str, object] | msgspec.Struct


class PluginEvents:
    """Implements `nxforge_core.api.ports.Events`, within what its manifest lists."""

    def __init__(self, hub: EventHub, plugin: Plugin) -> None:
        self._hub = hub
        self._plugin = plugin.id
        emits = plugin.manifest.events.emits if plugin.manifest else ()
        self._emits = tuple(each.name for each in emits)

    async def publish(self, name: str, data: _Data) -> None:
        """Tell everybody who listens to the name."""
        await self._hub.publish(self._plugin, self._emits, name, (data,))

    async def publish_all(self, name: str, batch: Iterable[_Data]) -> None:
        """Publish many events of one name."""
        await self._hub.publish(self._plugin, self._emits, name, batch)
