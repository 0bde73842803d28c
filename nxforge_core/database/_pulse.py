"""Noticing a server that is there and answers nothing any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from ._address import ServerAddress
from ._server import connect_once

__all__ = ["SILENT_SECONDS", "Pulse"]

#: A statement may take so many seconds before anybody wonders.
_PATIENCE: Final = 2.0
#: A server that lives greets a new connection within so many seconds.
_GREETING: Final = 2.0
#: After so many seconds at the most a statement on a silent server is given up.
SILENT_SECONDS: Final = _PATIENCE + _GREETING


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
        self._waiting: set[Callable[[], None]] = set()
        self._asking: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self, cut: Callable[[], None]) -> Iterator[None]:
        """Call `cut` while the block waits for a server that is silent."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(_PATIENCE, self._wonder, cut)
        try:
            yield
        finally:
            timer.cancel()
            self._waiting.discard(cut)

    async def stop(self) -> None:
        """Ask nothing more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    def _wonder(self, cut: Callable[[], None]) -> None:
        self._waiting.add(cut)
        if self._asking is None or self._asking.done():
            # Not a TaskGroup: it asks for whoever waits and belongs to none of them.
            self._asking = asyncio.get_running_loop().create_task(self._ask())

    async def _ask(self) -> None:
        while self._waiting:
            if await self._is_silent():
                for cut in tuple(self._waiting):
                    cut()
            await asyncio.sleep(_PATIENCE)

    async def _is_silent(self) -> bool:
        try:
            async with connect_once(self._address, seconds=_GREETING):
                return False
        except TimeoutError:
            return True
        except Exception:  # noqa: BLE001 - a refusal of whatever kind is an answer
            return False
