"""Asking for runs, with nothing but the queue: for routes and the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from nxforge_core.api import Clock, RunId
from nxforge_core.database import ServerAddress
from nxforge_core.events import Listener
from nxforge_core.services import SystemClock

from .catalog import Job, run_params

if TYPE_CHECKING:
    from .delivery import Link
    from .firing import FindJob, Only

__all__ = ["Queue"]


class Queue:
    """The queue of an installation; opens at its first use.

    Args:
        address: The database, with the login that owns the core schema.
        name: `EngineOptions.queue`.
        listener: Where this process works for runs, too.
    """

    def __init__(
        self,
        address: ServerAddress,
        name: str,
        clock: Clock | None = None,
        listener: Listener | None = None,
    ) -> None:
        self._address = address
        self._name = name
        self._clock = clock or SystemClock()
        self._listener = listener
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
                link = kind(self._address, self._name, self._listener)
                try:
                    await link.open()
                except BaseException:
                    await link.close()
                    raise
                self._link = link
            return self._link

    def hurry(self, *, silent: bool = False) -> None:
        """See `Link.hurry`."""
        if self._link is not None:
            self._link.hurry(silent=silent)

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
            JobDisabledError: somebody switched the job off.
            JobBusyError: the job never overlaps and is queued or running.
        """
        text = run_params(job, params)
        link = await self.link()
        from .firing import Wish, fire_manual  # noqa: PLC0415 - `link()` paid for it

        wish = Wish(at=self._clock.now(), by=by, params=text)
        return await fire_manual(link, job, wish)

    async def cancel(self, run: RunId, by: str) -> bool:
        """End a run: at once where it is queued, else soon, by its worker.

        A handler that gives its result before it hears of it keeps that.

        Returns:
            Whether it has ended already.

        Raises:
            UnknownItemError: there is no such run.
            RunFinishedError: it has ended.
        """
        link = await self.link()
        from .firing import cancel_run  # noqa: PLC0415 - `link()` paid for it

        return await cancel_run(link, run, by)

    async def rerun(self, find: FindJob, run: RunId, only: Only, by: str) -> RunId:
        """Queue a manual run that repeats `all` of another or what `failed` in it.

        Args:
            find: Answers a job of the running plugins by plugin and name.
            run: Must have ended.
            only: See there.
            by: Who asks.

        Raises:
            UnknownItemError: there is no such run, or its job is gone.
            RunUnfinishedError: the run has not ended.
            NothingFailedError: nothing of it failed, or it does not say what.
            InvalidInputError: the job does not take the run's parameters any more.
            JobDisabledError: somebody switched the job off.
            JobBusyError: the job never overlaps and is queued or running.
        """
        link = await self.link()
        from .firing import rerun  # noqa: PLC0415 - `link()` paid for it

        return await rerun(link, find, run, only, (self._clock.now(), by))


def _load() -> type[Link]:
    from .delivery import Link  # noqa: PLC0415 - see the caller

    return Link
