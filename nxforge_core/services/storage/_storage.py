"""`ctx.storage`: the files of one plugin."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, final
from uuid import UUID, uuid4

from nxforge_core.api import (
    Clock,
    Connection,
    Database,
    Manifest,
    Storage,
    StorageUsage,
    StoredFile,
    UnknownItemError,
    load_sql,
)
from nxforge_core.api.errors import CapabilityMissingError

from ._errors import BadFileNameError, LostFileError, StorageFullError
from ._folder import NoRoomError, Written, folder_of

__all__ = ["PluginStorage", "licensed_storage"]

_SQL: Final = load_sql(__package__)
_CAPABILITY: Final = "storage"
_NAME: Final = re.compile(
    r"(?=.{1,200}\Z)[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,7}"
)


class _Found(StoredFile, frozen=True, kw_only=True):
    content: UUID


@final
class PluginStorage:
    """Implements `nxforge_core.api.Storage`.

    The bytes are on the disk before the database tells of them, under an id that is
    never used again: a file is replaced by a row, and a process that is killed leaves
    at most bytes that nobody knows, which the keeper deletes.

    Args:
        database: The core's schema.
        data_dir: Files lie in its folder `files`.
        plugin: Whose.
        quota: Bytes of all its files together.
    """

    def __init__(
        self, database: Database, data_dir: Path, plugin: str, quota: int, clock: Clock
    ) -> None:
        self._database = database
        self._folder = folder_of(data_dir, plugin)
        self._plugin = plugin
        self._quota = quota
        self._clock = clock

    async def write(
        self,
        name: str,
        content: bytes | AsyncIterable[bytes],
        *,
        keep: timedelta | None = None,
    ) -> StoredFile:
        """Store a file, in place of what has the name."""
        _check(name)
        room = self._quota - await self._others(self._database, name)
        identity, parts = uuid4(), _parts(content)
        try:
            written = await self._folder.write(identity, parts, room)
        except NoRoomError as error:
            quota = None if error.disk else self._quota
            raise StorageFullError(self._plugin, name, quota) from error
        try:
            return await self._enter(name, identity, written, keep)
        except StorageFullError:
            await self._folder.drop([identity])
            raise

    async def read(self, name: str) -> bytes:
        """The whole content."""
        return b"".join([part async for part in self.stream(name)])

    async def stream(self, name: str) -> AsyncIterator[bytes]:
        """The content in parts."""
        found = await self._find(name)
        opened = self._folder.parts(found.content)
        try:
            first = await anext(opened, b"")
        except FileNotFoundError:
            # It was replaced in between, or it is somewhere else.
            again = await self._find(name)
            if again.content == found.content:
                raise LostFileError(self._plugin, name) from None
            async for part in self.stream(name):
                yield part
            return
        yield first
        async for part in opened:
            yield part

    async def find(self, name: str) -> StoredFile | None:
        """What is known of a file."""
        found = await self._row(name)
        return found and _plain(found)

    async def list(self, prefix: str = "") -> list[StoredFile]:
        """The files whose names begin so, by name."""
        facts = (self._plugin, prefix, self._clock.now())
        return await self._database.structs(StoredFile, _SQL.list_files, *facts)

    async def delete(self, name: str) -> bool:
        """Delete a file; answers whether there was one."""
        now = self._clock.now()
        row = await self._database.fetchrow(_SQL.delete_file, self._plugin, name, now)
        if row is None:
            return False
        await self._folder.drop([row["content"]])
        return bool(row["present"])

    async def usage(self) -> StorageUsage:
        """How much room there is and how much of it is used."""
        row = await self._database.fetchrow(_SQL.files_usage, self._plugin) or {}
        return StorageUsage(files=row["files"], size=row["size"], quota=self._quota)

    async def _enter(
        self, name: str, content: UUID, written: Written, keep: timedelta | None
    ) -> StoredFile:
        now = self._clock.now()
        end = None if keep is None else now + keep
        async with self._database.transaction() as connection:
            await connection.execute(_SQL.lock_files, self._plugin)
            others = await self._others(connection, name)
            if others + written.size > self._quota:
                raise StorageFullError(self._plugin, name, self._quota)
            before = await connection.fetchval(
                _SQL.replaced_content, self._plugin, name
            )
            facts: tuple[int, str, datetime, datetime | None]
            facts = (written.size, written.sha256, now, end)
            await connection.execute(_SQL.put_file, self._plugin, name, content, *facts)
        if before is not None:
            await self._folder.drop([before])
        return StoredFile(
            name=name,
            size=written.size,
            sha256=written.sha256,
            stored_at=now,
            expires_at=end,
        )

    async def _others(self, connection: Connection, name: str) -> int:
        return int(await connection.fetchval(_SQL.other_files, self._plugin, name))

    async def _find(self, name: str) -> _Found:
        found = await self._row(name)
        if found is None:
            raise UnknownItemError(kind="file", value=name)
        return found

    async def _row(self, name: str) -> _Found | None:
        facts = (self._plugin, name, self._clock.now())
        rows = await self._database.structs(_Found, _SQL.find_file, *facts)
        return rows[0] if rows else None


def licensed_storage(
    storage: Storage, plugin: str, manifest: Manifest | None
) -> Storage:
    """The storage, or one that refuses every call: the manifest does not name it."""
    if manifest is not None and _CAPABILITY in manifest.capabilities:
        return storage
    return _NoLicence(plugin)  # type: ignore[return-value]  # it answers nothing


class _NoLicence:
    def __init__(self, plugin: str) -> None:
        self._plugin = plugin

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        raise CapabilityMissingError(self._plugin, _CAPABILITY)


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BadFileNameError(name)


async def _parts(content: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    async for part in content:
        yield part


def _plain(found: _Found) -> StoredFile:
    return StoredFile(
        name=found.name,
        size=found.size,
        sha256=found.sha256,
        stored_at=found.stored_at,
        expires_at=found.expires_at,
    )
