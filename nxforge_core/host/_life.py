"""A context manager kept open by a task of its own, whoever asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

__all__ = ["Life"]

T = TypeVar("T")


class Life(Generic[T]):
    """Enters on the first `start`, leaves on `stop`, both in the same task.

    Requests, the life span of an outer application and `async with` may all ask for
    the start; plugins' life spans need to be entered and left by one task.
    """

    def __init__(self, manager: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self._manager = manager
        self._end = asyncio.Event()
        self._ready: asyncio.Future[T] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> T:
        """The value of the manager, entered now or before.

        Raises:
            Exception: whatever entering it raised; the next call tries again.
        """
        if self._ready is None or _failed(self._ready):
            loop = asyncio.get_running_loop()
            self._end.clear()
            self._ready = loop.create_future()
            # Outlives the caller by design; `stop` awaits it.
            self._task = loop.create_task(self._run(self._ready))
        return await asyncio.shield(self._ready)

    async def stop(self) -> None:
        """Leave the manager and wait until it is left."""
        self._end.set()
        if self._task is not None:
            await self._task
        self._task = self._ready = None

    async def _run(self, ready: asyncio.Future[T]) -> None:
        try:
            async with self._manager() as value:
                ready.set_result(value)
                await self._end.wait()
        except Exception as error:
            if ready.done():
                raise
            ready.set_exception(error)
            # Taken note of: a caller that went away must not make the loop complain.
            ready.exception()


def _failed(future: asyncio.Future[T]) -> bool:
    return future.done() and future.exception() is not None
