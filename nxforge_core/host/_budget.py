"""One budget of time for the whole stop of a host: no part may use up another's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Self, TypeVar

from nxforge_core.api import Clock
from nxforge_core.services import get_log

__all__ = ["RESERVE", "StopBudget", "in_time"]

T = TypeVar("T")

#: Seconds for all of a stop, beyond the grace of running jobs. A database that is
#: frozen must not keep a host longer than service managers wait for a process.
_SECONDS: Final = 6.0
#: Seconds of them that long parts leave to what comes after: last words, pools.
RESERVE: Final = 1.0
#: Seconds that every part gets, however late it is.
_LEAST: Final = 0.1


class StopBudget:
    """Seconds for a stop, counted from when the host was first told of it.

    Args:
        seconds: For all parts together.
    """

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._end: float | None = None

    @classmethod
    def after(cls, grace: float, clock: Clock) -> Self:
        """The budget of a host whose running jobs get so many seconds of it."""
        return cls(grace + _SECONDS, clock)

    def begin(self) -> None:
        """Count from now on, unless somebody was earlier."""
        if self._end is None:
            self._end = self._clock.monotonic() + self._seconds

    def left(self, reserve: float = 0.0) -> float:
        """Seconds for a part that leaves so many of them to others.

        All of them where the host does not stop: a part may end by itself.
        """
        left = self._seconds
        if self._end is not None:
            left = self._end - self._clock.monotonic()
        return max(_LEAST, left - reserve)


@asynccontextmanager
async def in_time(
    manager: AbstractAsyncContextManager[T], budget: StopBudget, part: str
) -> AsyncIterator[T]:
    """Enter a part of the host, and break its end off when the budget is used up.

    Args:
        manager: The part.
        budget: Of the host's stop.
        part: As the log names it.
    """
    timer = asyncio.timeout(None)
    failure: BaseException | None = None
    try:
        async with timer, manager as value:
            try:
                yield value
            except BaseException as error:
                failure = error
                raise
            finally:
                end = asyncio.get_running_loop().time() + budget.left()
                timer.reschedule(end)
    except TimeoutError:
        if not timer.expired():
            raise
        get_log(None).error("part_does_not_end", part=part)
        if failure is not None:
            raise failure from None
