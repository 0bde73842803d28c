"""A context manager kept open by a task of its own, whoever asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from contextvars import Context
from typing import Final, Generic, TypeVar

__all__ = ["EndedError", "Life"]

T = TypeVar("T")

#: What asyncio does not hand on as it is.
_ENDS: Final = (SystemExit, StopIteration, GeneratorExit)


class EndedError(RuntimeError):
    """The code inside tried to end more than itself, as `sys.exit()` does."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(f"it tried to end the process: {error!r}")


class Life(Generic[T]):
    """Enters on the first `start`, leaves on `stop`, both in the same task.

    Requests, the life span of an outer application and `async with` may all ask for
    the start. A task group inside the manager can cancel nothing but this task.

    Args:
        manager: Makes the manager; called for each life anew.
        broken: Told of an error that ends a life before `stop` is called.
    """

    def __init__(
        self,
        manager: Callable[[], AbstractAsyncContextManager[T]],
        broken: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._manager = manager
        self._broken = broken
        self._end = asyncio.Event()
        self._ready: asyncio.Future[T] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> T:
        """The value of the manager, entered now or before.

        Raises:
            Exception: whatever entering it raised; the next call tries again.
        """
        if self._end.is_set() and self._task is not None:
            await asyncio.wait({self._task})
        ready = self._ready
        if ready is None or _failed(ready):
            ready = self._begin()
        return await asyncio.shield(ready)

    async def stop(self) -> None:
        """Leave the manager and wait until it is left.

        Raises:
            Exception: whatever leaving it raised.
        """
        task, self._ready = self._task, None
        if task is None:
            return
        self._end.set()
        # Whoever stops waiting does not stop the leaving.
        await asyncio.wait({task})
        if self._task is task:
            self._task = None
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

    async def cancel(self, seconds: float) -> bool:
        """Break the manager off; answer whether it ended within so many seconds."""
        if self._task is None:
            return True
        self._end.set()
        self._task.cancel()
        done, _ = await asyncio.wait({self._task}, timeout=seconds)
        return bool(done)

    def _begin(self) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        # Of this loop: a host may be started again in another one.
        self._end = asyncio.Event()
        self._ready = ready = loop.create_future()
        # Outlives the caller by design, `stop` awaits it; and what it logs must not
        # carry the id of the request that happened to start it.
        self._task = loop.create_task(self._run(ready), context=Context())
        self._task.add_done_callback(self._note_end)
        return ready

    async def _run(self, ready: asyncio.Future[T]) -> None:
        try:
            async with self._manager() as value:
                ready.set_result(value)
                await self._end.wait()
        except asyncio.CancelledError:
            ready.cancel()
            raise
        except BaseException as error:
            if not ready.done():
                ready.set_exception(_tamed(error))
                # Taken note of: a caller that went away must not make the loop
                # complain.
                ready.exception()
            elif isinstance(error, _ENDS):
                raise EndedError(error) from error
            else:
                raise

    def _note_end(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._end.is_set() and self._broken is not None:
            self._broken(error)


def _failed(future: asyncio.Future[T]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)


def _tamed(error: BaseException) -> BaseException:
    """The error as one that neither ends the loop nor confuses a future."""
    return EndedError(error) if isinstance(error, _ENDS) else error
