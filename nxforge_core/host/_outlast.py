"""A start that finds its database not ready yet, and waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from nxforge_core.api import Clock, Log
from nxforge_core.database import DatabaseUnavailableError

__all__ = ["outlast"]

T = TypeVar("T")

#: Seconds from one try to the next.
_PAUSE: Final = 0.25


async def outlast(
    start: Callable[[], Awaitable[T]],
    seconds: float,
    *,
    clock: Clock,
    log: Log,
    given_up: Callable[[], bool] = lambda: False,
    pause: float = _PAUSE,
) -> T:
    """Start, and again while the database is not ready: it boots, or crashed just now.

    What waiting does not mend, such as a wrong password, is raised at once. The log
    says once what is waited for.

    Args:
        start: Tried at least once.
        seconds: After so long no further try is made.
        clock: Tells how long.
        log: Told once.
        given_up: Asked before each further try.
        pause: Seconds from one try to the next.

    Raises:
        DatabaseUnavailableError: it lasts, or did not pass in time.
    """
    end = clock.monotonic() + seconds
    told = False
    while True:
        try:
            return await start()
        except DatabaseUnavailableError as error:
            if not error.passing or given_up() or clock.monotonic() >= end:
                raise
            if not told:
                log.warning("waiting for the database", why=error.message, wait=seconds)
                told = True
        await asyncio.sleep(pause)
