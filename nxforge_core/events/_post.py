"""Carries events to the other processes, many at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Final

from nxforge_core.api import Database, Log, UnavailableError, load_sql

from ._counts import EventCounts
from ._parcel import Parcel, pack

__all__ = ["CHANNEL", "Post"]

CHANNEL: Final = "nxforge_events"
_SQL: Final = load_sql("nxforge_core.events")
#: Bytes of data that wait for a database at the most, and events of one statement.
_MOST: Final = 8_000_000
_BATCH: Final = 1_000
#: Seconds before another try, doubled up to the second.
_PAUSE: Final = 0.3
_LONGEST_PAUSE: Final = 5.0


class Post:
    """Notifies the other processes of an installation, as soon as the database can.

    Args:
        database: On the core's schema.
        sender: What this process calls itself.
        store: Keeps events for durable subscriptions.
        most: Bytes of data that wait at the most; the oldest events are lost first.
    """

    def __init__(
        self,
        database: Database,
        sender: str,
        log: Log,
        counts: EventCounts,
        store: Callable[[list[Parcel]], Awaitable[None]],
        most: int = _MOST,
    ) -> None:
        self._database = database
        self._sender = sender
        self._log = log
        self._counts = counts
        self._store = store
        self._most = most
        self._unstored: set[str] = set()
        self._waiting: deque[Parcel] = deque()
        self._bytes = 0
        self._some = asyncio.Event()

    def put(self, parcel: Parcel, *, stored: bool = True) -> None:
        """Queue an event, and whether it is still to be stored; never waits."""
        if not stored:
            self._unstored.add(parcel.id)
        self._waiting.append(parcel)
        self._bytes += parcel.size
        while self._bytes > self._most:
            lost = self._waiting.popleft()
            self._bytes -= lost.size
            self._unstored.discard(lost.id)
            self._counts.add(lost.source, "lost")
        self._some.set()

    async def run(self) -> None:
        """Send until cancelled."""
        pause = _PAUSE
        while True:
            await self._some.wait()
            try:
                await self.send()
                pause = _PAUSE
            except UnavailableError as error:
                self._log.warning("events_wait", why=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def send(self) -> None:
        """Send what waits.

        Raises:
            UnavailableError: the database is away; what was not sent waits on.
        """
        while self._waiting:
            batch = list(islice(self._waiting, _BATCH))
            try:
                await self._notify(batch)
            except UnavailableError:
                raise
            except Exception as error:  # noqa: BLE001 - the same batch would fail again
                self._log.error("events_not_sent", why=repr(error), lost=len(batch))
                for parcel in batch:
                    self._counts.add(parcel.source, "lost")
            self._forget(batch)
        self._some.clear()

    async def _notify(self, batch: list[Parcel]) -> None:
        if late := [parcel for parcel in batch if parcel.id in self._unstored]:
            await self._store(late)
            self._unstored -= {parcel.id for parcel in late}
        payloads, large = pack(self._sender, batch)
        if payloads:
            await self._database.execute(_SQL.notify, payloads)
        for parcel in large:
            text = bytes(parcel.data).decode()
            facts = parcel.id, parcel.name, parcel.source, parcel.at, text
            await self._database.execute(_SQL.keep, *facts, self._sender)

    def _forget(self, batch: list[Parcel]) -> None:
        """Take out what was sent; meanwhile the oldest may have been lost."""
        sent = {parcel.id for parcel in batch}
        while self._waiting and self._waiting[0].id in sent:
            parcel = self._waiting.popleft()
            self._bytes -= parcel.size
            self._unstored.discard(parcel.id)
