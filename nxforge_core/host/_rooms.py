"""Where the files of plugins lie, and how much of them there may be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nxforge_core.api import Clock, Database, PluginId, Storage
from nxforge_core.plugins import Plugin
from nxforge_core.services.storage import (
    PluginStorage,
    licensed_storage,
)
from nxforge_core.settings import Settings

__all__ = ["Rooms"]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Makes the storage of each plugin.

    Attributes:
        database: The core's schema.
        quota: Bytes for each plugin.
    """

    database: Database
    data_dir: Path
    quota: int
    clock: Clock

    @classmethod
    def below(cls, settings: Settings, database: Database, clock: Clock) -> Self:
        """Below the data directory, as large as the settings say."""
        return cls(database, settings.data_dir, settings.plugins.storage_quota, clock)

    def of(self, plugin: PluginId) -> Storage:
        """The files of a plugin."""
        return PluginStorage(
            self.database, self.data_dir, plugin, self.quota, self.clock
        )

    def licensed(self, plugin: Plugin) -> Storage:
        """The same, as far as its manifest names the capability."""
        return licensed_storage(self.of(plugin.id), plugin.id, plugin.manifest)
