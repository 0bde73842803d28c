"""The bytes of one plugin's files: no name of a file ever reaches the disk."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import time
from collections.abc import AsyncIterable, AsyncIterator, Collection
from contextlib import suppress
from pathlib import Path
from typing import IO, Final
from uuid import UUID

import msgspec

from nxforge_core.api import parse_plugin_id

__all__ = ["Folder", "NoRoomError", "Written", "folder_of"]

#: What one step of reading holds in memory.
_PART: Final = 262_144
#: Seconds after which bytes that no file has are left over from a process that ended.
_ORPHAN: Final = 3600.0
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Written(msgspec.Struct, frozen=True):
    """What was written."""

    size: int
    sha256: str


class NoRoomError(Exception):
    """More than there is room for; `disk` says that the disk itself has none."""

    def __init__(self, *, disk: bool) -> None:
        super().__init__()
        self.disk = disk


def folder_of(data_dir: Path, plugin: str) -> Folder:
    """Where the files of a plugin lie."""
    return Folder(data_dir / "files" / parse_plugin_id(plugin))


class Folder:
    """Contents by their ids.

    Args:
        path: Made when it is needed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    async def write(
        self, content: UUID, parts: AsyncIterable[bytes], room: int
    ) -> Written:
        """Store all parts, on the disk when this returns.

        Raises:
            NoRoomError: they are more than the room, or the disk is full; nothing is
                left of them.
        """
        target = self._path / content.hex
        digest, size = hashlib.sha256(), 0
        file = await asyncio.to_thread(self._create, target)
        try:
            async for part in parts:
                size += len(part)
                _check(size, room)
                digest.update(part)
                await asyncio.to_thread(file.write, part)
            await asyncio.to_thread(_sync, file, self._path)
        except BaseException as error:
            await asyncio.to_thread(_undo, file, target)
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                raise NoRoomError(disk=True) from error
            raise
        return Written(size, digest.hexdigest())

    async def parts(self, content: UUID) -> AsyncIterator[bytes]:
        """What is stored, in parts.

        Raises:
            FileNotFoundError: there is no such content.
        """
        file = await asyncio.to_thread((self._path / content.hex).open, "rb")
        try:
            while part := await asyncio.to_thread(file.read, _PART):
                yield part
        finally:
            file.close()

    async def drop(self, contents: Collection[UUID]) -> None:
        """Delete some; those that are gone already do not matter."""
        await asyncio.to_thread(self._drop, contents)

    async def sweep(self, known: Collection[UUID]) -> int:
        """Delete what no file has and nobody is writing; answers how many."""
        return await asyncio.to_thread(self._sweep, {each.hex for each in known})

    def _create(self, target: Path) -> IO[bytes]:
        self._path.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        return os.fdopen(os.open(target, flags, 0o600), "wb")

    def _drop(self, contents: Collection[UUID]) -> None:
        for each in contents:
            (self._path / each.hex).unlink(missing_ok=True)

    def _sweep(self, known: Collection[str]) -> int:
        if not self._path.is_dir():
            return 0
        before, gone = time.time() - _ORPHAN, 0
        for file in self._path.iterdir():
            if file.name not in known and file.stat().st_mtime < before:
                file.unlink(missing_ok=True)
                gone += 1
        return gone


def _check(size: int, room: int) -> None:
    if size > room:
        raise NoRoomError(disk=False)


def _sync(file: IO[bytes], folder: Path) -> None:
    """Have file and name on the disk before the database tells of them."""
    file.flush()
    os.fsync(file.fileno())
    file.close()
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _undo(file: IO[bytes], target: Path) -> None:
    target.unlink(missing_ok=True)
    with suppress(OSError):  # what is in its buffer does not fit either
        file.close()
