"""Writing polls while others are still waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from nxforge_consumption_monitor.models import COLLECTED, DueEndpoint, Verdict
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import give_back, store_round
from nxforge_core.api import JobContext

from ._collected import collected
from ._judge import judge
from ._poll import Poll
from ._result import Tally

__all__ = ["Writer"]

#: Rows of one write at the most: more would keep the loop busy for too long.
_MOST: Final = 100
#: Seconds that a poll waits for its write.
_WAIT: Final = 1.0


class Writer:
    """Stores polls in batches: what is slow holds up no result that is there.

    Each write is fenced: a worker that lost its run meanwhile stores nothing.

    Attributes:
        lease: See there.
        tally: What became of the polls.

    Args:
        lease: Slot of the run that leased the endpoints; None for a forced poll.
    """

    def __init__(
        self, ctx: JobContext[MonitorSettings], lease: datetime | None
    ) -> None:
        self._ctx = ctx
        self.lease = lease
        self._polled: dict[str, DueEndpoint] = {}
        self._waiting: list[Verdict] = []
        self._full = asyncio.Event()
        self._closed = False
        self.tally = Tally()

    def add(self, endpoint: DueEndpoint, poll: Poll) -> None:
        """Take over what a poll brought."""
        verdict = judge(endpoint, poll)
        self._polled[endpoint.id] = endpoint
        self.tally.count(endpoint, verdict.row)
        self._waiting.append(verdict)
        if len(self._waiting) >= _MOST:
            self._full.set()

    def close(self) -> None:
        """Nothing more will come."""
        self._closed = True
        self._full.set()

    async def run(self) -> None:
        """Write until closed and empty.

        Raises:
            NxForgeError: the database cannot be reached, or the run was given away.
        """
        while self._waiting or not self._closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(_WAIT):
                    await self._full.wait()
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            if len(self._waiting) < _MOST and not self._closed:
                self._full.clear()
            if batch:
                await self._store(batch)

    async def _store(self, batch: Sequence[Verdict]) -> None:
        polled = [verdict.row.endpoint_id for verdict in batch]
        async with self._ctx.transaction() as connection:
            stored = await store_round(connection, batch)
            lost = [endpoint_id for endpoint_id in polled if endpoint_id not in stored]
            if lost and self.lease:
                await give_back(connection, lost, self.lease)
        self.tally.duplicate += len(lost)
        told = [
            collected(self._polled.pop(verdict.row.endpoint_id), verdict)
            for verdict in batch
            if verdict.row.endpoint_id in stored
        ]
        readings = [each for each in told if each is not None]
        if readings:
            await self._ctx.events.publish_all(COLLECTED, readings)
