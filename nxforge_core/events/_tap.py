"""Events for one consumer outside, who may be slow."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from ._memory import Wanted
from ._parcel import Parcel

__all__ = ["Tap"]

_MOST: Final = 4_000


class Tap:
    """A bounded queue of events that are wanted.

    Attributes:
        missed: Events before the next ones may be missing; set back by the consumer.
        ended: Why nothing more comes; empty while it may.

    Args:
        wanted: Tells which events.
        most: Events that wait at the most; then the tap ends.
    """

    def __init__(self, wanted: Wanted, most: int = _MOST) -> None:
        self._wanted = wanted
        self._most = most
        self._queue: list[Parcel] = []
        self._some = asyncio.Event()
        self._woken = False
        self.missed = False
        self.ended = ""

    def offer(self, parcel: Parcel) -> None:
        """Take an event if it is wanted."""
        if self.ended or not self._wanted(parcel):
            return
        if len(self._queue) >= self._most:
            self._queue.clear()
            self.end("slow")
            return
        self._queue.append(parcel)
        self._some.set()

    def wake(self) -> None:
        """Have the consumer look around, if nothing has come."""
        self._woken = True
        self._some.set()

    def miss(self) -> None:
        """Note that events may be missing."""
        self.missed = True
        self._some.set()

    def end(self, why: str) -> None:
        """Let nothing more come; what waits is still had."""
        self.ended = self.ended or why
        self._some.set()

    async def next(self, seconds: float) -> list[Parcel]:
        """What came; nothing after so many seconds of silence, woken, or at the end."""
        waits = not (self._queue or self.ended or self.missed or self._woken)
        if waits:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._some.wait()
        self._some.clear()
        self._woken = False
        taken, self._queue = self._queue, []
        return taken
