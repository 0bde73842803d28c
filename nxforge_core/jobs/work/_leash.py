"""What holds everything that a handler opened, to close it when its attempt is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, ParamSpec, Protocol, TypeVar, runtime_checkable

from nxforge_core.api import Connection, RunId
from nxforge_core.jobs._errors import RunEndedError

__all__ = ["Leash"]

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds that interrupted calls get to come back before their connections are cut.
_PATIENCE: Final = 1.0


@runtime_checkable
class _Cuttable(Protocol):
    def cut(self) -> None:
        """End the connection at once."""
        ...


class Leash:
    """The end of one attempt, for whatever its handler still has in hand.

    A handler that ended by itself has nothing in hand, and its end costs nothing. One
    that ignores its cancellation, or a task that it left behind, is interrupted inside
    its requests and statements, loses its transactions, and is refused from then on.
    """

    def __init__(self, run: RunId) -> None:
        self._run = run
        self._ended = False
        self._inside: set[asyncio.Task[Any]] = set()
        self._open: set[Connection] = set()
        self._empty = asyncio.Event()

    def check(self) -> None:
        """Refuse what comes after the end.

        Raises:
            RunEndedError: the attempt is over.
        """
        if self._ended:
            raise RunEndedError(self._run)

    async def hold(
        self, call: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Await a call that the end interrupts.

        Raises:
            RunEndedError: the attempt is over, or ended meanwhile.
        """
        self.check()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - coroutines run in tasks, for mypy
        self._inside.add(task)
        try:
            return await call(*args, **kwargs)
        except asyncio.CancelledError:
            if self._ended:
                task.uncancel()
                raise RunEndedError(self._run) from None
            raise
        finally:
            self._inside.discard(task)
            if self._ended and not self._inside:
                self._empty.set()

    @contextmanager
    def lend(self, connection: Connection) -> Iterator[None]:
        """Cut a connection at the end, and let nothing be committed after it."""
        self.check()
        self._open.add(connection)
        try:
            yield
            self.check()
        finally:
            self._open.discard(connection)

    async def end(self) -> None:
        """Interrupt what is in hand, and refuse what comes."""
        self._ended = True
        if self._inside:
            for task in self._inside:
                task.cancel()
            # A statement that is interrupted ends in the server too; cut, it would
            # go on there and keep its locks.
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await self._empty.wait()
        for connection in self._open:
            if isinstance(connection, _Cuttable):
                connection.cut()
