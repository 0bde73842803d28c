"""One request at a time per host, and not too many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple
from weakref import WeakValueDictionary

__all__ = ["Slots", "Spot"]


class Spot(NamedTuple):
    """Who is asked: meters often share an address and differ by port."""

    host: str
    port: int


class Slots:
    """Bounds what happens at once.

    Args:
        total: Requests under way at the most, over all hosts.
    """

    def __init__(self, total: int) -> None:
        self._total = asyncio.Semaphore(total)
        # Weak: a lock lives exactly as long as somebody holds it or waits for it.
        self._locks: WeakValueDictionary[Spot, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, spot: Spot) -> AsyncIterator[None]:
        """Wait for the turn; first come, first served."""
        lock = self._locks.setdefault(spot, asyncio.Lock())
        async with lock, self._total:
            yield
