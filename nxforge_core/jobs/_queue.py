"""Asking for runs, with nothing but the queue: for routes and the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from nxforge_core.api import Clock, RunId
from nxforge_core.database import ServerAddress
from nxforge_core.services import SystemClock

from ._job import Job
from ._params import checked_params

if TYPE_CHECKING:
    from ._link import Link

__all__ = ["Queue"]


class Queue:
    """The queue of an installation; opens at its first use.

    Args:
        address: The database, with the login that owns the core schema.
        name: `EngineOptions.queue`.
    """

    def __init__(
        self, address: ServerAddress, name: str, clock: Clock | None = None
    ) -> None:
        self._address = address
        self._name = name
        self._clock = clock or SystemClock()
        self._link: Link | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def link(self) -> Link:
        """Open the queue, once.

        Raises:
            QueueSchemaError: its tables are of a version not known here.
        """
        async with self._opening:
            if self._link is None:
                # Procrastinate and psycopg cost 300 ms that no start-up waits for.
                kind = await asyncio.to_thread(_load)
                link = kind(self._address, self._name)
                try:
                    await link.open()
                except BaseException:
                    await link.close()
                    raise
                self._link = link
            return self._link

    async def close(self) -> None:
        """Close what was opened."""
        async with self._opening:
            if (link := self._link) is not None:
                self._link = None
                await link.close()

    async def run_now(
        self,
        job: Job,
        params: Mapping[str, object] | None,
        by: str,
    ) -> RunId:
        """Queue a manual run for whom it is asked `by`; it never moves the schedule.

        Raises:
            InvalidInputError: names the parameter, its value and what is expected.
            JobBusyError: the job never overlaps and is queued or running.
        """
        text = checked_params(job.spec, params)
        link = await self.link()
        from ._fire import fire_manual  # noqa: PLC0415 - `link()` paid for it

        asked = (self._clock.now(), by)
        return await fire_manual(link, job, asked, text)


def _load() -> type[Link]:
    from ._link import Link  # noqa: PLC0415 - see the caller

    return Link
