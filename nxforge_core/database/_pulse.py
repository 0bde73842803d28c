"""Noticing a server that is there and answers nothing any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from ._address import ServerAddress
from ._server import connect_once

__all__ = ["Pulse"]

#: A statement may take so many seconds before anybody wonders.
_PATIENCE: Final = 2.0
#: A server that lives greets a new connection within so many seconds.
_GREETING: Final = 2.0
#: The same for a process that wants to stop.
_SHORT_PATIENCE: Final = 0.5
_SHORT_GREETING: Final = 1.0


class _Watch:
    """One that waits for an answer."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self.cut = cut
        self.timer: asyncio.TimerHandle | None = None

    def end(self) -> None:
        """Nobody waits any more."""
        if self.timer is not None:
            self.timer.cancel()


class Pulse:
    """Tells a slow statement from a server that is frozen or cut off.

    Neither asyncpg nor TCP does: they wait for as long as the longest statement may
    take, and asyncpg then waits as long again for its request to cancel it. Here the
    server is asked to greet a new connection; where it does not, all that wait for
    it are cut.

    Only the greeting counts. A pooler that has no free connection greets as well, and
    what it keeps waiting is then no reason to cut others.
    """

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        self._patience, self._greeting = _PATIENCE, _GREETING
        self._watches: set[_Watch] = set()
        self._waiting: set[_Watch] = set()
        self._hurried = self._silent = False
        self._asking: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self, cut: Callable[[], None]) -> Iterator[None]:
        """Call `cut` while the block waits for a server that is silent."""
        watch = _Watch(cut)
        self._watches.add(watch)
        self._set(watch)
        try:
            yield
            self._silent = False
        finally:
            watch.end()
            self._watches.discard(watch)
            self._waiting.discard(watch)

    @property
    def seconds(self) -> float:
        """After so many at the most a statement on a silent server is given up."""
        return self._patience + self._greeting

    @property
    def silent(self) -> bool:
        """Whether the server was silent when it was last heard of."""
        return self._silent

    def hurry(self) -> None:
        """Wonder sooner, also for who waits already: this process wants to stop.

        A server that was found silent is from then on not asked another time.
        """
        self._patience, self._greeting = _SHORT_PATIENCE, _SHORT_GREETING
        self._hurried = True
        if self._asking is not None:
            self._asking.cancel()
        self._asking = None
        for watch in self._watches:
            watch.end()
            self._set(watch)

    async def ask(self) -> bool:
        """Ask at once whether the server is silent, whoever waits for it."""
        self._silent = await self._is_silent()
        if self._silent:
            for watch in tuple(self._waiting):
                watch.cut()
        return self._silent

    async def stop(self) -> None:
        """Ask nothing more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    def _set(self, watch: _Watch) -> None:
        loop = asyncio.get_running_loop()
        watch.timer = loop.call_later(self._patience, self._wonder, watch)

    def _wonder(self, watch: _Watch) -> None:
        if self._hurried and self._silent:
            watch.cut()
            return
        self._waiting.add(watch)
        if self._asking is None or self._asking.done():
            # Not a TaskGroup: it asks for whoever waits and belongs to none of them.
            self._asking = asyncio.get_running_loop().create_task(self._keep_asking())

    async def _keep_asking(self) -> None:
        while self._waiting:
            await self.ask()
            await asyncio.sleep(self._patience)

    async def _is_silent(self) -> bool:
        try:
            async with connect_once(self._address, seconds=self._greeting):
                return False
        except TimeoutError:
            return True
        except Exception:  # noqa: BLE001 - a refusal of whatever kind is an answer
            return False
