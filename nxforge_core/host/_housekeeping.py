"""What the host does beside everything else, once a minute."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Protocol

from nxforge_core.services import beside, get_log

__all__ = ["Flushable", "flushing"]

_MINUTE: Final = 60.0


class Flushable(Protocol):
    """Holds back what need not be stored at once."""

    async def flush(self) -> None:
        """Store it."""
        ...


@asynccontextmanager
async def flushing(store: Flushable, seconds: float = _MINUTE) -> AsyncIterator[None]:
    """Flush every so many seconds while the block runs, and at its end."""
    try:
        async with beside(_again_and_again(store, seconds)):
            yield
    finally:
        await _flush(store)


async def _again_and_again(store: Flushable, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _flush(store)


async def _flush(store: Flushable) -> None:
    try:
        await store.flush()
    except Exception as error:  # noqa: BLE001  # it stays held back; the next time may do
        get_log(None).warning("not flushed", why=str(error))
