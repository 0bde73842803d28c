"""The queue's side: Procrastinate and its psycopg pool. Imported late, it is heavy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, Final, TypeAlias

from procrastinate import App, JobContext
from procrastinate.job_context import AbortReason
from procrastinate.types import JSONDict
from procrastinate.worker import Worker
from psycopg import AsyncConnection, OperationalError

from nxforge_core.api import Log, PluginId, RunId
from nxforge_core.database import DatabaseUnavailableError, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.jobs._options import plugin_queue
from nxforge_core.jobs._sql import SQL
from nxforge_core.services import get_log

from ._bounded import BoundedPool
from ._connector import SharedListenConnector
from ._nxq import install_queue

__all__ = ["TASK", "Link", "Row", "query"]

TASK: Final = "nxforge.run"
#: Seconds to wait for a free connection.
_WAIT: Final = 5.0
#: Seconds for each answer of the server when this process wants to stop.
_MOMENT: Final = 2.0
#: The same where it is known to answer nothing.
_BLINK: Final = 0.2
#: Seconds for the pool to close: it only waits for connections that do not come.
_CLOSE: Final = 0.5

Row: TypeAlias = tuple[Any, ...]
#: Run, attempt, and whether its cancellation is somebody's wish (and no stop).
_Deliver = Callable[[RunId, int, Callable[[], bool]], Awaitable[None]]


class Link:
    """Transactions that change runs and queue in one, and the queue's workers.

    Args:
        queue: `EngineOptions.queue`; never shared between installations.
        listener: Tells workers of deliveries; only a process with workers needs it.
        size: Connections at the most.
    """

    def __init__(
        self,
        address: ServerAddress,
        queue: str,
        listener: Listener | None = None,
        log: Log | None = None,
        size: int = 4,
    ) -> None:
        self._queue = queue
        self._server = address.display()
        self._conninfo = address.conninfo("nxforge queue")
        self._pool = BoundedPool(
            self._conninfo,
            # The queue's statements are each a transaction: saves two round trips.
            kwargs={"autocommit": True},
            min_size=1,
            max_size=size,
            timeout=_WAIT,
            check=BoundedPool.check_connection,
            name="nxforge queue",
        )
        self._connector = SharedListenConnector(listener, log or get_log())
        self.app = App(connector=self._connector)
        self._deliver: _Deliver | None = None
        # Once, for as many engines as this link outlives.
        self.app.task(name=TASK, queue=queue, pass_context=True)(self._run)

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

    def hurry(self, *, silent: bool = False) -> None:
        """Wait no longer than a moment for the server: this process wants to stop.

        Args:
            silent: The server is known to answer nothing.
        """
        self._pool.hurry(_BLINK if silent else _MOMENT)

    async def close(self) -> None:
        """Close the pool; what runs on it is cut."""
        await self._pool.close(timeout=_CLOSE)

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
        plugin: PluginId,
        run: RunId,
        attempt: int,
        *,
        at: datetime | None = None,
        lane: str | None = None,
    ) -> None:
        """Queue the delivery of an attempt, in the transaction of the connection.

        It comes not before `at`, and deliveries of one lane go one after another.
        """
        queue = self.queue_of(plugin)
        deferrer = self.app.configure_task(
            TASK, queue=queue, connection=connection, schedule_at=at, lock=lane
        )
        queue_job = await deferrer.defer_async(run_id=run, attempt=attempt)
        await query(connection, SQL.set_queue_job, run=run, queue_job=queue_job)

    async def defer_all(
        self,
        connection: AsyncConnection[Row],
        plugin: PluginId,
        runs: Sequence[RunId],
    ) -> None:
        """Queue the first attempts of some runs of a plugin, likewise."""
        deferrer = self.app.configure_task(
            TASK, queue=self.queue_of(plugin), connection=connection
        )
        given: list[JSONDict] = [{"run_id": run, "attempt": 1} for run in runs]
        queue_jobs = await deferrer.batch_defer_async(*given)
        await query(
            connection, SQL.set_queue_jobs, runs=list(runs), queue_jobs=queue_jobs
        )

    def queue_of(self, plugin: PluginId) -> str:
        """Name the queue that holds a plugin's deliveries."""
        return plugin_queue(self._queue, plugin)

    def worker(self, **options: Any) -> Worker:
        """Make a worker with the options of Procrastinate."""
        return Worker(self.app, **options)

    async def beat(self, workers: Sequence[int]) -> None:
        """Say that these workers live."""
        async with self.transaction() as connection:
            await query(connection, SQL.beat, workers=list(workers))

    async def look(self, queues: Sequence[str]) -> None:
        """Wake the workers of those queues that have something to do now."""
        async with self.transaction() as connection:
            ready = await query(connection, SQL.ready_queues, queues=list(queues))
        for (queue,) in ready:
            self._connector.wake(queue)

    def on_delivery(self, deliver: _Deliver) -> None:
        """Say who takes the attempts that this process's worker is delivered."""
        self._deliver = deliver

    async def _run(self, context: JobContext, *, run_id: int, attempt: int) -> None:
        number, deliver = context.job.id, self._deliver
        assert number is not None  # noqa: S101 - it was fetched, for mypy
        assert deliver is not None  # noqa: S101 - only who said so starts workers
        self._connector.in_hand.add(number)
        try:
            await deliver(
                RunId(run_id),
                attempt,
                lambda: context.abort_reason() is AbortReason.USER_REQUEST,
            )
        finally:
            self._connector.in_hand.discard(number)

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
