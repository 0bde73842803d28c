"""Taking back runs whose worker vanished."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Final, Literal, TypeAlias

import msgspec
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg import AsyncConnection
from psycopg.errors import LockNotAvailable

from nxforge_core.api import Log, RunId
from nxforge_core.database import DatabaseUnavailableError
from nxforge_core.jobs._meters import JobMeters
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.delivery import Link, Row, query
from nxforge_core.jobs.triggers import spread

__all__ = ["Reaper"]

#: A run that took so many workers with it is not given to another one.
_MOST_LOSSES: Final = 3

#: `stale`: the attempt is over; `locked`: a transaction of its worker is still open,
#: as after the loss of a machine or its network, until the server notices.
_Found: TypeAlias = Literal["taken", "stale", "locked"]


class _Delivery(msgspec.Struct):
    run_id: int
    attempt: int


class Reaper:
    """Looks for lost attempts; every process has one, any of them suffices.

    Args:
        worker: This process's own.
        held: The attempts it has in hand.
        stalled: Seconds without a heartbeat that make a worker lost.
    """

    def __init__(
        self,
        link: Link,
        log: Log,
        *,
        worker: str,
        held: Callable[[], Collection[tuple[RunId, int]]],
        stalled: float,
        meters: JobMeters | None = None,
    ) -> None:
        self._link = link
        self._log = log
        self._worker = worker
        self._held = held
        self._stalled = stalled
        self._meters = meters

    async def reap(self) -> None:
        """Take back what stalled workers hold, then what nothing delivers."""
        # Of all queues: whatever is in this database is the same installation's.
        stalled = await self._link.app.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=self._stalled
        )
        # Each process in an order of its own: together they are done soon, where the
        # same order would have all of them wait for the first.
        for job in sorted(stalled, key=lambda job: spread(self._worker, job.id)):
            delivered = msgspec.convert(job.task_kwargs, _Delivery)
            run = RunId(delivered.run_id)
            found = await self._take_back(run, delivered.attempt, "its worker vanished")
            if found != "locked":
                await self._drop(job.id)
        await self._reap_undelivered()
        await self._reap_own()
        await self._close_left()

    async def _reap_undelivered(self) -> None:
        async with self._link.transaction() as connection:
            lost = await query(connection, SQL.undelivered)
        for run, attempt in lost:
            await self._take_back(run, attempt, "its delivery was lost")

    async def _reap_own(self) -> None:
        """Attempts begun here whose end could not be stored."""
        async with self._link.transaction() as connection:
            begun = await query(connection, SQL.held_by, worker=self._worker)
        # Read after the rows: an attempt is held from before its claim on.
        held = self._held()
        for run, attempt, queue_job in begun:
            if (run, attempt) in held:
                continue
            why = "its end could not be stored"
            if await self._take_back(run, attempt, why) == "taken":
                await self._drop(queue_job)

    async def _close_left(self) -> None:
        """Parents whose last shard did not end them, which it always does."""
        async with self._link.transaction() as connection:
            left = await query(connection, SQL.left_waiting)
            for (run,) in left:
                await query(connection, SQL.close_parent, run=run)
                self._log.warning("parent_left_waiting", run=run)

    async def _take_back(self, run: RunId, attempt: int, why: str) -> _Found:
        try:
            taken = await self._take(run, attempt, why)
        except DatabaseUnavailableError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            # The others are not kept waiting for this one.
            self._log.warning("run_still_locked", run=run, attempt=attempt, why=why)
            return "locked"
        return "taken" if taken else "stale"

    async def _take(self, run: RunId, attempt: int, why: str) -> bool:
        async with self._link.transaction() as connection:
            # A live writer holds the fence: do not queue up behind it.
            await query(connection, "set local lock_timeout = '2s'")
            rows = await query(
                connection,
                SQL.take_back,
                run=run,
                attempt=attempt,
                note=why,
                most=_MOST_LOSSES,
            )
            if rows:
                await self._requeue(connection, run, rows[0], why)
        return bool(rows)

    async def _requeue(
        self, connection: AsyncConnection[Row], run: RunId, row: Row, why: str
    ) -> None:
        state, attempt, lane, plugin, job = row
        if state == "queued":
            await self._link.defer(connection, plugin, run, attempt, lane=lane)
        if self._meters is not None:
            self._meters.taken_back(plugin, job)
        self._log.warning(
            "run_taken_back", run=run, plugin=plugin, job=job, why=why, state=state
        )

    async def _drop(self, queue_job: int | None) -> None:
        if queue_job is None:
            return
        with suppress(ConnectorException):  # another reaper was faster
            await self._link.app.job_manager.finish_job_by_id_async(
                queue_job, Status.FAILED, delete_job=True
            )
