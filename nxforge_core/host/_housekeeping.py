"""What the host does beside everything else, once a minute."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

from nxforge_core.services import beside, get_log

__all__ = ["Flushable", "flushing"]

_MINUTE: Final = 60.0
#: Seconds for the last flush: a database that is frozen must not hold up the end.
_LAST: Final = 1.0


class Flushable(Protocol):
    """Holds back what need not be stored at once."""

    async def flush(self) -> None:
        """Store it."""
        ...


@asynccontextmanager
async def flushing(
    stores: Sequence[Flushable], seconds: float = _MINUTE
) -> AsyncIterator[None]:
    """Flush every so many seconds while the block runs, and quickly at its end."""
    try:
        async with beside(_again_and_again(stores, seconds)):
            yield
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST):
                await _flush_all(stores)


async def _again_and_again(stores: Sequence[Flushable], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _flush_all(stores)


async def _flush_all(stores: Sequence[Flushable]) -> None:
    async with asyncio.TaskGroup() as group:
        for store in stores:
            group.create_task(_flush(store))


async def _flush(store: Flushable) -> None:
    try:
        await store.flush()
    except Exception as error:  # noqa: BLE001  # it stays held back; the next time may do
        get_log(None).warning("not flushed", why=str(error))
