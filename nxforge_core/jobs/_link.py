"""The queue's side: Procrastinate and its psycopg pool. Imported late, it is heavy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, Final, TypeAlias

from procrastinate import App, JobContext, PsycopgConnector
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool

from nxforge_core.api import RunId
from nxforge_core.database import DatabaseUnavailableError, ServerAddress

from ._nxq import install_queue
from ._sql import SQL

__all__ = ["TASK", "Link", "Row", "query"]

TASK: Final = "nxforge.run"
#: Seconds to wait for a free connection.
_WAIT: Final = 5.0

Row: TypeAlias = tuple[Any, ...]
_Deliver = Callable[[RunId, int], Awaitable[None]]


class Link:
    """Transactions that change runs and queue in one, and the queue's worker.

    Args:
        queue: Its name; never shared between installations.
        size: Connections at the most; the worker's listener has one besides.
    """

    def __init__(self, address: ServerAddress, queue: str, size: int = 4) -> None:
        self.queue = queue
        self._server = address.display()
        self._conninfo = address.conninfo("nxforge queue", "nxq")
        self._pool: AsyncConnectionPool[AsyncConnection[Row]] = AsyncConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=size,
            timeout=_WAIT,
            open=False,
            check=AsyncConnectionPool.check_connection,
            name="nxforge queue",
        )
        self.app = App(connector=PsycopgConnector(conninfo=self._conninfo))

    async def open(self) -> None:
        """Install or upgrade the queue's tables, then open the pool.

        Raises:
            DatabaseUnavailableError: no connection.
            QueueSchemaError: the tables are of a version not known here.
        """
        with self._outages_named():
            await install_queue(self._conninfo)
            await self._pool.open(wait=True, timeout=_WAIT)
        await self.app.open_async(self._pool)

    async def close(self) -> None:
        """Close the pool; what runs on it is cut."""
        await self._pool.close(timeout=_WAIT)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection[Row]]:
        """One connection in one transaction.

        Raises:
            DatabaseUnavailableError: no connection, or it broke meanwhile.
        """
        with self._outages_named():
            async with self._pool.connection() as connection, connection.transaction():
                yield connection

    async def defer(
        self,
        connection: AsyncConnection[Row],
        run: RunId,
        attempt: int,
        *,
        at: datetime | None = None,
        lane: str | None = None,
    ) -> None:
        """Queue the delivery of an attempt, in the transaction of the connection.

        It comes not before `at`, and deliveries of one lane go one after another.
        """
        deferrer = self.app.configure_task(
            TASK, queue=self.queue, connection=connection, schedule_at=at, lock=lane
        )
        queue_job = await deferrer.defer_async(run_id=run, attempt=attempt)
        await query(connection, SQL.set_queue_job, run=run, queue_job=queue_job)

    def on_delivery(self, deliver: _Deliver) -> None:
        """Say who takes the attempts that this process's worker is delivered."""

        @self.app.task(name=TASK, queue=self.queue, pass_context=True)
        async def run(context: JobContext, *, run_id: int, attempt: int) -> None:
            del context
            await deliver(RunId(run_id), attempt)

    @contextmanager
    def _outages_named(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise DatabaseUnavailableError(self._server, str(error)) from error


async def query(
    connection: AsyncConnection[Row], sql: str, **values: object
) -> list[Row]:
    """Run one of the named statements; no rows where it answers none."""
    # psycopg takes literal text or bytes: ours comes from packaged files.
    cursor = await connection.execute(sql.encode(), values)
    return await cursor.fetchall() if cursor.description else []
