"""A psycopg connection on which nothing waits for ever, and a pool of them."""

from __future__ import annotations

import asyncio
from typing import Any, Final, Self, TypeVar
from weakref import WeakSet

from psycopg import AsyncConnection, OperationalError
from psycopg.abc import PQGen
from psycopg.waiting import wait_async
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from nxforge_core.jobs._sql import SQL

__all__ = ["BoundedConnection", "BoundedPool"]

T = TypeVar("T")

#: Seconds for one statement of the engine, and for each part of its protocol.
_DEADLINE: Final = 10.0


class BoundedConnection(AsyncConnection[tuple[Any, ...]]):
    """Gives up a statement that is not answered in time, or is cancelled, at once.

    psycopg waits without end for a server that is frozen or cut off, and asks it
    politely, for ten seconds, to cancel what was cancelled here. This one closes the
    connection: the server rolls back when it notices.
    """

    #: Seconds for each answer.
    deadline: float = _DEADLINE
    _waiting: asyncio.Timeout | None = None

    def hurry(self, seconds: float) -> None:
        """From now on, and for what is under way, wait no longer than so."""
        self.deadline = min(self.deadline, seconds)
        if self._waiting is not None and not self._waiting.expired():
            soon = asyncio.get_running_loop().time() + seconds
            self._waiting.reschedule(min(soon, self._waiting.when() or soon))

    @classmethod
    async def connect(cls, conninfo: str = "", **arguments: Any) -> Self:
        """Connect, and look for the queue's names in its schema from then on."""
        connection = await super().connect(conninfo, **arguments)
        await connection.execute(SQL.settle_queue.encode())
        return connection

    async def wait(
        self,
        gen: PQGen[T],
        interval: float = 0.1,
        timeout: float | None = None,  # noqa: ASYNC109 - psycopg's signature
    ) -> T:
        """Let the generator talk with the server.

        Raises:
            OperationalError: no answer within the deadline.
        """
        deadline = self.deadline if timeout is None else min(timeout, self.deadline)
        try:
            async with asyncio.timeout(deadline) as self._waiting:
                return await wait_async(gen, self.pgconn.socket, interval=interval)
        except TimeoutError as error:
            self.pgconn.finish()
            why = f"no answer within {self.deadline:g} s"
            raise OperationalError(why) from error
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise
        finally:
            self._waiting = None


class BoundedPool(AsyncConnectionPool[BoundedConnection]):
    """Gives out such connections, and hurries who waits for one or for an answer."""

    def __init__(self, conninfo: str, **options: Any) -> None:
        super().__init__(
            conninfo,
            connection_class=BoundedConnection,
            configure=self._adopt,
            open=False,
            **options,
        )
        self._moment: float | None = None
        self._made: WeakSet[BoundedConnection] = WeakSet()
        self._waits: set[asyncio.Timeout] = set()

    def hurry(self, seconds: float) -> None:
        """Let nobody wait longer than so, from now on and for what is under way."""
        self._moment = self.timeout = seconds
        for connection in self._made:
            connection.hurry(seconds)
        soon = asyncio.get_running_loop().time() + seconds
        for wait in self._waits:
            wait.reschedule(min(soon, wait.when() or soon))

    async def getconn(self, timeout: float | None = None) -> BoundedConnection:  # noqa: ASYNC109 - the pool's signature
        """Take a connection.

        Raises:
            PoolTimeout: there was none in time.
        """
        try:
            async with asyncio.timeout(self._moment) as wait:
                self._waits.add(wait)
                try:
                    return await super().getconn(timeout)
                finally:
                    self._waits.discard(wait)
        except TimeoutError as error:
            message = f"couldn't get a connection within {self._moment:g} s"
            raise PoolTimeout(message) from error

    async def _adopt(self, connection: BoundedConnection) -> None:
        self._made.add(connection)
        if self._moment is not None:
            connection.hurry(self._moment)
