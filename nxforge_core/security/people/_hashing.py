"""argon2id, off the loop and a few at a time: each takes 19 MiB while it runs."""

from __future__ import annotations

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ._errors import LoginBusyError

__all__ = ["Hasher"]

#: OWASP's first choice: 19 MiB, two passes, one lane.
_MEMORY: Final = 19_456
_PASSES: Final = 2
_LANES: Final = 1
_AT_ONCE: Final = 2
#: More in a row would wait for seconds, which is what a flood wants.
_WAITING: Final = 32


class Hasher:
    """Makes and checks hashes; takes as long for somebody whom nobody knows."""

    def __init__(self) -> None:
        self._argon2 = PasswordHasher(
            time_cost=_PASSES, memory_cost=_MEMORY, parallelism=_LANES
        )
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """The hash to keep, with its salt and its cost."""
        return await self._run(password)

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether this is the password; None, of nobody, costs the same and is no.

        Raises:
            LoginBusyError: too many are waiting.
        """
        if self._nobodys is None:
            self._nobodys = await self._run("somebody else's")
        right = await self._run(password, kept or self._nobodys)
        return bool(right) and kept is not None

    def is_dated(self, kept: str) -> bool:
        """Whether a hash was made with another cost than today's."""
        return self._argon2.check_needs_rehash(kept)

    async def _run(self, password: str, kept: str | None = None) -> str:
        if self._waiting >= _WAITING:
            raise LoginBusyError
        self._waiting += 1
        try:
            async with self._room:
                return await asyncio.to_thread(self._work, password, kept)
        finally:
            self._waiting -= 1

    def _work(self, password: str, kept: str | None) -> str:
        # Lone surrogates, which JSON can hold, are bytes like all others.
        typed = password.encode(errors="surrogatepass")
        if kept is None:
            return self._argon2.hash(typed)
        try:
            self._argon2.verify(kept, typed)
        except (VerificationError, InvalidHashError):
            return ""
        return kept
