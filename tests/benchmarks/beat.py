"""A beat of a millisecond in the event loop: what keeps it from coming is seen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Final, NamedTuple, Self

__all__ = ["Beat"]

_PERIOD: Final = 0.001


class _Mark(NamedTuple):
    """One beat, with the clocks at it; all in seconds.

    `wall` is of `time.time`, `process` CPU time of all threads, `thread` that of the
    loop's own.
    """

    wall: float
    monotonic: float
    process: float
    thread: float


class Beat:
    """Beats while it is entered.

    A late beat has two causes. Where the loop's thread itself worked, `busiest` says
    for how long; `latest` also holds the time in which the machine, or another
    thread, kept it from running.
    """

    def __init__(self) -> None:
        # Plain tuples of numbers: garbage collection does not look at them.
        self._taken: list[tuple[float, float, float, float]] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Beat within the block."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._beat())
            try:
                yield self
            finally:
                task.cancel()

    def latest(self, since: float = 0.0) -> list[float]:
        """Milliseconds by which beats came late, the worst first.

        `since` is a wall clock time.
        """
        late = [b.monotonic - a.monotonic - _PERIOD for a, b in self._pairs(since)]
        return sorted((1000 * each for each in late), reverse=True)

    def busiest(self, since: float = 0.0) -> list[float]:
        """Milliseconds that the loop's thread worked between beats, the worst first."""
        busy = [b.thread - a.thread for a, b in self._pairs(since)]
        return sorted((1000 * each for each in busy), reverse=True)

    def process_seconds(self, begin: float, end: float) -> float:
        """CPU time of the process between two wall clock times."""
        within = [mark for mark in self._marks(begin) if mark.wall <= end]
        return within[-1].process - within[0].process

    def _pairs(self, since: float) -> list[tuple[_Mark, _Mark]]:
        return list(pairwise(self._marks(since)))

    def _marks(self, since: float) -> list[_Mark]:
        return [_Mark(*taken) for taken in self._taken if taken[0] >= since]

    async def _beat(self) -> None:
        while True:
            taken = time.time(), time.perf_counter()
            self._taken.append((*taken, time.process_time(), time.thread_time()))
            await asyncio.sleep(_PERIOD)
