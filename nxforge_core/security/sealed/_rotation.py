"""A new key, and everything sealed with it; old keys leave when nothing needs them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
import msgspec

from nxforge_core.api import load_sql
from nxforge_core.database import ServerAddress, connect_once
from nxforge_core.security._keyfile import is_key, lines_of_key_file
from nxforge_core.security._keyfile_edit import (
    drop_keys,
    offer_key,
    offered_key,
    promote_key,
)
from nxforge_core.security._keyring import (
    MAKE_KEY,
    KeyRing,
    decode_key,
    key_id,
    new_key,
)

from ._errors import (
    KeysNotKnownError,
    KeysTooFreshError,
    NoKeyFileError,
    RotationBusyError,
)
from ._processes import told
from ._values import Tally, count_sealed, seal_anew

__all__ = ["Pruned", "Rotated", "Rotation"]

_SQL: Final = load_sql(__package__)
#: Values that processes wrote meanwhile are found in a later round.
_ROUNDS: Final = 5
#: Seconds after which nothing sealed with an earlier key is on its way any more: what
#: a statement and an open transaction may take.
_SETTLED: Final = 60.0


class Rotated(msgspec.Struct, frozen=True):
    """What a rotation did.

    Attributes:
        key_id: Of the key that everything is sealed with now.
        made: The key is a new one.
        sealed: Values that were sealed anew.
        unreadable: Values that no key opens; they stay as they are.
    """

    key_id: str
    made: bool
    sealed: int
    unreadable: Sequence[Tally]


class Pruned(msgspec.Struct, frozen=True):
    """What became of the key set.

    Attributes:
        removed: Ids of keys that are gone.
        kept: Ids of keys that are needed, the sealing one first.
    """

    removed: Sequence[str]
    kept: Sequence[str]


class Rotation:
    """Works on the key file and on the database, beside running hosts.

    Args:
        address: The database, with the host's login.
        ring: The key set of this process.
        patience: Seconds for running processes to read a new key.
        now: The clock of the file system.
    """

    def __init__(
        self,
        address: ServerAddress,
        ring: KeyRing,
        *,
        patience: float = 10.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._address = address
        self._ring = ring
        self._patience = patience
        self._now = now

    async def count(self) -> list[Tally]:
        """Every sealed value by place and key."""
        async with self._connected() as connection:
            return await count_sealed(connection, self._ring)

    async def rotate(self, *, keep_key: bool = False) -> Rotated:
        """Make a new key and seal everything with it.

        A rotation that was broken off is finished instead, with the key it made.

        Args:
            keep_key: Seal with the first key there is instead of making one.

        Raises:
            RotationBusyError: another one is under way.
            KeysNotKnownError: a running process cannot be brought to know the key;
                nothing was sealed with it.
            NoKeyFileError: a key is wanted and the keys are a setting.
        """
        async with self._locked() as connection:
            made = not keep_key and await self._new_key(connection)
            newest = self._ring.key_ids[0]
            await self._agree(connection, newest, first=True)
            sealed = await self._seal(connection)
            left = await count_sealed(connection, self._ring)
        unreadable = [each for each in left if not each.opens]
        return Rotated(newest, made, sealed, unreadable)

    async def prune(self) -> Pruned:
        """Take keys out of the key file that nothing in the database needs.

        Raises:
            RotationBusyError: a rotation is under way.
            KeysTooFreshError: the file was changed a moment ago.
            NoKeyFileError: the keys are a setting.
        """
        file = self._file("remove one", "remove the old ones there, then restart")
        async with self._locked() as connection:
            age = self._now() - file.stat().st_mtime
            if 0 <= age < _SETTLED:
                raise KeysTooFreshError(_SETTLED - age)
            used = {
                each.key_id
                for each in await count_sealed(connection, self._ring)
                if each.opens
            }
            kept = [
                each
                for place, each in enumerate(self._ring.key_ids)
                if place == 0 or each in used
            ]
            gone = [each for each in self._ring.key_ids if each not in kept]
            if gone:
                drop_keys(file, _texts_of(file, gone))
                self._ring.refresh()
                await connection.execute(_SQL.tell_keys)
        return Pruned(gone, kept)

    async def _new_key(self, connection: asyncpg.Connection) -> bool:
        """Bring in a new key where one is due; answers whether it was."""
        file = self._file(
            "make one there",
            f"{MAKE_KEY}, add it as the second key and restart every host, then put "
            "it first and restart again, then run 'nxforge secrets rotate --keep-key'",
        )
        due = offered_key(file) is not None or await self._all_newest(connection)
        if due:
            await self._bring_in(connection, file)
        return due

    async def _all_newest(self, connection: asyncpg.Connection) -> bool:
        """Whether nothing waits for the newest key: the last rotation is finished."""
        newest = self._ring.key_ids[0]
        found = await count_sealed(connection, self._ring)
        return all(each.key_id == newest for each in found if each.opens)

    async def _bring_in(self, connection: asyncpg.Connection, file: Path) -> None:
        key = offered_key(file)
        if key is None:
            key = new_key()
            offer_key(file, key)
        self._ring.refresh()
        await self._agree(connection, _id_of(key), first=False)
        promote_key(file, key)
        self._ring.refresh()

    async def _agree(
        self, connection: asyncpg.Connection, key: str, *, first: bool
    ) -> None:
        left = await told(connection, key, first=first, seconds=self._patience)
        if left:
            where = str(self._ring.file or "NXFORGE_SECRETS_KEYS")
            raise KeysNotKnownError(key, left, where)

    async def _seal(self, connection: asyncpg.Connection) -> int:
        done = 0
        for _ in range(_ROUNDS):
            found = await seal_anew(connection, self._ring)
            done += found
            if not found:
                break
        return done

    def _file(self, what: str, remedy: str) -> Path:
        if self._ring.file is None:
            raise NoKeyFileError(what, remedy)
        return self._ring.file

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[asyncpg.Connection]:
        async with self._connected() as connection:
            if not await connection.fetchval(_SQL.rotation_lock):
                raise RotationBusyError
            # What another rotation has just made.
            self._ring.refresh()
            yield connection

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[asyncpg.Connection]:
        async with connect_once(self._address) as connection:
            await connection.execute(_SQL.unhurried)
            yield connection


def _id_of(line: str) -> str:
    return key_id(decode_key(line, 1, "the key file"))


def _texts_of(file: Path, gone: Sequence[str]) -> set[str]:
    keys = filter(is_key, lines_of_key_file(file))
    return {line for line in keys if _id_of(line) in gone}
