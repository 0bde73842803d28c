"""A psycopg connection on which nothing waits for ever."""

from __future__ import annotations

import asyncio
from typing import Any, Final, Self, TypeVar

from psycopg import AsyncConnection, OperationalError
from psycopg.abc import PQGen
from psycopg.waiting import wait_async

__all__ = ["BoundedConnection"]

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
        await connection.execute("set search_path = nxq")
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
