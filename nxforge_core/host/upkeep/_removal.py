"""A plugin taken out of the installation without a trace, but for the audit trail."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nxforge_core.api import Clock, Connection, PluginId, load_sql
from nxforge_core.database import (
    corner_exists,
    corner_residue,
    corner_rows,
    corner_size,
    drop_corner,
    end_sessions,
)
from nxforge_core.host._core import Core
from nxforge_core.host.lifecycle._wishes import Wishes, read_wishes
from nxforge_core.plugins import UnknownPluginError
from nxforge_core.plugins.upkeep import Orphan, Receipt
from nxforge_core.security.audit import Actor, add_audit
from nxforge_core.settings import Settings

from . import _core_rows
from ._errors import NamedInSettingsError, StillEnabledError
from ._export import export_plugin

__all__ = ["Remover"]

_SQL: Final = load_sql("nxforge_core.host")
#: Seconds for the hosts to let go of its tables.
_PATIENCE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Remover:
    """Exports and removes plugins; none is imported."""

    core: Core
    clock: Clock
    settings: Settings

    async def remove(
        self, plugin: str, installed: set[str], by: Actor, file: Path | None
    ) -> Receipt:
        """Take out all that there is of a plugin; its package is pip's.

        Args:
            plugin: Its id.
            installed: Ids of the installed ones.
            by: The admin.
            file: Is written first; None where nothing is to be kept.

        Raises:
            UnknownPluginError: there is nothing of it.
            StillEnabledError: it is enabled.
            NamedInSettingsError: the settings would enable it again.
            ExportError: the file cannot be written; nothing was removed.
        """
        database = self.core.database
        wishes = await read_wishes(database, self.settings.plugins.enable)
        await self._check(plugin, installed, wishes)
        await end_sessions(database, plugin, _PATIENCE)
        if file is not None:
            await export_plugin(
                self.core, plugin, file, self._files(plugin), self.clock
            )
        rows = await corner_rows(database, plugin)
        size = await corner_size(database, plugin)
        async with database.transaction() as connection:
            await self._drop(connection, plugin)
            after = {"rows": rows, "bytes": size, "export": str(file) if file else None}
            await add_audit(connection, by, "plugins.remove", plugin, (None, after))
        files = self._files(plugin)
        await asyncio.to_thread(shutil.rmtree, files, ignore_errors=True)
        return Receipt(
            plugin=plugin,
            rows=rows,
            bytes=size,
            export=str(file) if file else None,
            residue=await self.residue(plugin),
            removed_at=self.clock.now(),
        )

    async def residue(self, plugin: str) -> list[str]:
        """What is still there of it: nothing, after it was removed."""
        instance = self.core.instance
        database, name = self.core.database, PluginId(plugin)
        found = await corner_residue(database, plugin)
        found += await _core_rows.residue(database, name, instance)
        if self._files(plugin).exists():
            found.append(f"files in {self._files(plugin)}")
        return found

    async def orphans(self, installed: set[str]) -> list[Orphan]:
        """Plugins whose package is gone and whose data is still here."""
        wishes = await read_wishes(self.core.database, self.settings.plugins.enable)
        return [
            Orphan(
                id=each.id,
                distribution=each.distribution,
                version=each.version,
                bytes=await corner_size(self.core.database, each.id),
            )
            for each in wishes.known.values()
            if each.id not in installed
        ]

    async def _check(self, plugin: str, installed: set[str], wishes: Wishes) -> None:
        known = plugin in wishes.known or plugin in installed
        if not known and not await corner_exists(self.core.database, plugin):
            raise UnknownPluginError(plugin, {*wishes.known, *installed})
        if plugin in wishes.wanted and plugin in installed:
            raise StillEnabledError(plugin)
        if plugin in self.settings.plugins.enable:
            raise NamedInSettingsError(plugin)

    async def _drop(self, connection: Connection, plugin: str) -> None:
        await connection.execute("set local statement_timeout = '10min'")
        await drop_corner(connection, plugin)
        version = await connection.fetchval(_SQL.stored_version, plugin) or ""
        await _core_rows.forget(connection, PluginId(plugin), self.core.instance)
        await connection.execute(
            _SQL.tell_said, "module.removed", plugin, version or ""
        )
        await connection.execute(_SQL.tell_wishes)

    def _files(self, plugin: str) -> Path:
        return self.settings.data_dir / "files" / plugin
