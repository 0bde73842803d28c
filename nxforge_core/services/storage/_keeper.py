"""Deletes what is over, and what nobody knows any more."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final
from uuid import UUID

from nxforge_core.api import Clock, Database, load_sql

from ._folder import folder_of

__all__ = ["StorageKeeper"]

_SQL: Final = load_sql(__package__)


class StorageKeeper:
    """Looks after the files of all plugins; the host calls `flush` once a minute.

    Args:
        database: The core's schema.
        data_dir: Files lie in its folder `files`.
    """

    def __init__(self, database: Database, data_dir: Path, clock: Clock) -> None:
        self._database = database
        self._data_dir = data_dir
        self._clock = clock
        self._swept = False

    async def flush(self) -> None:
        """Delete expired files, and once for each start what was left over."""
        rows = await self._database.fetch(_SQL.expired_files, self._clock.now())
        gone: dict[str, list[UUID]] = defaultdict(list)
        for row in rows:
            gone[row["plugin"]].append(row["content"])
        for plugin, contents in gone.items():
            await folder_of(self._data_dir, plugin).drop(contents)
        if not self._swept:
            self._swept = True
            await self._sweep()

    async def _sweep(self) -> None:
        folder = self._data_dir / "files"
        for each in folder.iterdir() if folder.is_dir() else ():
            rows = await self._database.fetch(_SQL.all_contents, each.name)
            known = [row["content"] for row in rows]
            await folder_of(self._data_dir, each.name).sweep(known)
