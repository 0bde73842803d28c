"""Hears the events of other processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import msgspec

from nxforge_core.api import Database, Log, load_sql

from ._listener import Listener
from ._parcel import Notice, Parcel
from ._post import CHANNEL

__all__ = ["Inbox"]

_SQL: Final = load_sql("nxforge_core.events")
_DECODE: Final = msgspec.json.Decoder(Notice).decode


class Inbox:
    """Delivers what other processes notify; large events are fetched.

    Args:
        sender: What this process calls itself: its own notices are left out.
        deliver: Takes each event.
        missed: Called when listening begins, and begins again after a lost
            connection: what was notified before is lost.
    """

    def __init__(
        self,
        database: Database,
        listener: Listener,
        sender: str,
        log: Log,
        deliver: Callable[[Parcel], None],
        missed: Callable[[], None],
    ) -> None:
        self._database = database
        self._listener = listener
        self._sender = sender
        self._log = log
        self._deliver = deliver
        self._missed = missed
        self._kept: asyncio.Queue[str] = asyncio.Queue()

    async def run(self) -> None:
        """Listen until cancelled."""
        end = self._listener.listen(CHANNEL, self._heard, self._missed)
        try:
            while True:
                await self._fetch(await self._kept.get())
        finally:
            end()

    def _heard(self, payload: str) -> None:
        notice = _DECODE(payload)
        if notice.sender == self._sender:
            return
        for parcel in notice.parcels:
            # The data is a view of the payload: a copy lets go of the rest of it.
            data = parcel.data.copy()
            self._deliver(msgspec.structs.replace(parcel, data=data))
        for kept in notice.kept:
            self._kept.put_nowait(kept)

    async def _fetch(self, kept: str) -> None:
        try:
            rows = await self._database.fetch(_SQL.fetch_kept, [kept])
        except Exception as error:  # noqa: BLE001 - the next one may be had
            self._log.warning("event_not_fetched", event_id=kept, why=repr(error))
            return
        for row in rows:
            raw = msgspec.Raw(row["data"].encode())
            facts = row["id"], row["name"], row["source"], row["at"]
            self._deliver(Parcel(*facts, raw))
