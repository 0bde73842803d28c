"""Procrastinate's way to the database, as a host with many workers needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any, Final, LiteralString

import msgspec
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import get_channel_for_queues
from procrastinate.sql import queries
from psycopg import InterfaceError, OperationalError

from nxforge_core.api import Log
from nxforge_core.events import Listener
from nxforge_core.jobs._heed import heed
from nxforge_core.jobs._sql import SQL

__all__ = ["SharedListenConnector"]

_FETCH: Final = queries["fetch_job"]
_FINISH: Final = queries["finish_job"]
#: What the queue's trigger sends with an insert, which makes a worker look.
_INSERTED: Final = msgspec.json.encode({"type": "job_inserted", "job_id": 0}).decode()
#: Seconds after which a worker is told again. It forgets a notification that comes
#: while it looks, between the look's snapshot and its answer.
_ECHO: Final = 0.02


class SharedListenConnector(PsycopgConnector):
    """All workers of a process hear over one connection, and outlast an outage.

    A worker of Procrastinate ends, and takes its running jobs along, when it cannot
    fetch. Here it finds nothing to do, and what may have gone wrong meanwhile is put
    right before its next fetch.

    Attributes:
        in_hand: Deliveries that are being worked for, by number.

    Args:
        listener: The host's; without one only `wake` makes a worker look.
    """

    def __init__(self, listener: Listener | None, log: Log) -> None:
        super().__init__()
        self.in_hand: set[int] = set()
        self._listener = listener
        self._log = log
        self._told: dict[str, asyncio.Queue[str]] = {}
        self._workers: set[int] = set()
        self._doubtful: set[int] = set()

    def wake(self, queue: str) -> None:
        """Make the worker of a queue look at once."""
        for channel in get_channel_for_queues([queue]):
            if (told := self._told.get(channel)) is not None:
                told.put_nowait(_INSERTED)

    async def listen_notify(
        self, on_notification: Notify, channels: Iterable[str]
    ) -> None:
        """Tell a worker what its channels say, until cancelled."""
        told: asyncio.Queue[str] = asyncio.Queue()
        with ExitStack() as stack:
            for channel in channels:
                self._told[channel] = told
                stack.callback(self._told.pop, channel, None)
                if self._listener is not None:
                    missed = partial(told.put_nowait, _INSERTED)
                    end = self._listener.listen(channel, told.put_nowait, missed)
                    stack.callback(end)
            await _tell(told, on_notification)

    async def execute_query_one_async(
        self, query: LiteralString, **arguments: Any
    ) -> dict[str, Any]:
        """Run a statement; a fetch that finds no database finds nothing to do."""
        if query != _FETCH:
            return await self._one(query, arguments)
        worker: int = arguments["worker_id"]
        self._workers.add(worker)
        try:
            await self._put_right(worker)
            return await self._one(query, arguments)
        except ConnectorException as error:
            self._pardon(error)
            self._doubtful.add(worker)
            return {"id": None}

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Run a statement; a delivery that cannot be finished now is so later."""
        try:
            await heed(super().execute_query_async(query, **arguments))
        except ConnectorException as error:
            if query != _FINISH:
                raise
            self._pardon(error)
            self._doubtful |= self._workers

    async def execute_query_all_async(
        self, query: LiteralString, **arguments: Any
    ) -> list[dict[str, Any]]:
        """Run a statement."""
        found: list[dict[str, Any]] = await heed(
            super().execute_query_all_async(query, **arguments)
        )
        return found

    async def _one(
        self, query: LiteralString, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        found: dict[str, Any] = await heed(
            super().execute_query_one_async(query, **arguments)
        )
        return found

    async def _put_right(self, worker: int) -> None:
        """Have delivered again what the queue says is in hand here and is not.

        A fetch may have been committed and its answer lost. That a delivery comes
        twice does no harm: the run's row knows its attempt.
        """
        if worker in self._doubtful:
            await super().execute_query_async(
                SQL.deliver_again, worker=worker, in_hand=list(self.in_hand)
            )
            self._doubtful.discard(worker)

    def _pardon(self, error: ConnectorException) -> None:
        """Let an outage pass, and nothing else."""
        if not isinstance(error.__cause__, OperationalError | InterfaceError):
            raise error
        self._log.warning("queue_not_reached", why=str(error.__cause__))


async def _tell(told: asyncio.Queue[str], on_notification: Notify) -> None:
    echo: float | None = None
    while True:
        try:
            async with asyncio.timeout(echo):
                payload = await told.get()
            echo = _ECHO
        except TimeoutError:
            payload, echo = _INSERTED, None
        await on_notification(channel="", payload=payload)
