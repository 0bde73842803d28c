"""The engine while its queue is open. Imported late, it is heavy."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from nxforge_core.api import Clock, Database, Log, Manual, PluginId

from ._book import JobBook
from ._fire import fire_slot
from ._job import Job
from ._keep import delete_old_runs
from ._link import Link
from ._options import EngineOptions
from ._reaper import Reaper
from ._runner import Runner
from ._schedule import Schedule
from ._spread import spread
from ._sql import SQL
from ._sweep import sweep_job
from ._trigger_text import trigger_text
from ._worker import supervise_worker

__all__ = ["Active"]

_HOUR: Final = 3600.0


class Active:
    """Schedule, worker, sweep and reaper of this process, as its options say.

    Attributes:
        runner: What runs now.
        troubles: What fails now, and why.
    """

    def __init__(
        self,
        link: Link,
        database: Database,
        book: JobBook,
        clock: Clock,
        log: Log,
        options: EngineOptions,
    ) -> None:
        self._link = link
        self._database = database
        self._book = book
        self._clock = clock
        self._log = log
        self._options = options
        self._late = timedelta(seconds=options.late)
        self._name = f"{socket.gethostname()}:{os.getpid()}:{token_hex(3)}"
        self._changed = asyncio.Event()
        self._fires: asyncio.TaskGroup | None = None
        self._seen: set[tuple[PluginId, str]] = set()
        self._schedule = Schedule(self._wake, log, options.late)
        self.troubles: dict[str, str] = {}
        self.runner = Runner(
            link,
            database,
            book,
            clock,
            log,
            worker=self._name,
            cleanup=options.cleanup,
        )
        self._reaper = Reaper(
            link,
            log,
            worker=self._name,
            held=lambda: self.runner.held,
            stalled=options.stalled,
        )

    async def run(self) -> None:
        """Run until cancelled, then drain within the grace."""
        self._link.on_delivery(self.runner.deliver)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_reaping())
            if self._options.worker:
                group.create_task(
                    supervise_worker(
                        self._link, self._options, self._name, self._clock, self._log
                    )
                )
            if self._options.scheduler:
                group.create_task(self._keep_time(group))
                group.create_task(self._keep_house())

    def refresh(self) -> None:
        """Take over the registry's jobs at once."""
        if self._fires is not None:
            self._schedule.replace(self._book.jobs())
            self._changed.set()

    def _wake(self, plugin: PluginId, job: str, slot: datetime) -> None:
        found = self._book.job(plugin, job)
        if self._fires is None or found is None:
            return
        if self._clock.now() - slot <= self._late:
            self._fires.create_task(
                self._guarded(
                    f"firing {plugin}/{job}", fire_slot(self._link, found, slot)
                )
            )

    async def _keep_time(self, group: asyncio.TaskGroup) -> None:
        self._schedule.start()
        self._fires = group
        try:
            while True:
                self._changed.clear()
                self._schedule.replace(self._book.jobs())
                await self._guarded("sweeping", self._sweep())
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._options.sweep):
                        await self._changed.wait()
        finally:
            # The scheduler stops a turn of the loop later: until then it fires nothing.
            self._fires = None
            self._schedule.stop()

    async def _sweep(self) -> None:
        jobs = self._book.jobs()
        await self._observe(jobs)
        for job in jobs:
            await sweep_job(self._link, job, self._clock.now() - self._late)
        await self._database.execute(SQL.forget_idle)

    async def _observe(self, jobs: list[Job]) -> None:
        planned = {
            job.key: trigger_text(job.spec.trigger)
            for job in jobs
            if job.enabled and not isinstance(job.spec.trigger, Manual)
        }
        for gone in self._seen - planned.keys():
            await self._database.execute(SQL.forget_schedule, *gone)
        self._seen = set(planned)
        plugins, names = [key[0] for key in planned], [key[1] for key in planned]
        await self._database.execute(
            SQL.observe, plugins, names, list(planned.values()), self._clock.now()
        )

    async def _keep_reaping(self) -> None:
        looks = 0
        while True:
            # At once: where hosts are restarted often, none would live to look.
            await self._guarded("reaping", self._reaper.reap())
            looks += 1
            pause = self._options.reap * (0.75 + 0.5 * spread(self._name, looks))
            await asyncio.sleep(pause)

    async def _keep_house(self) -> None:
        while True:
            work = delete_old_runs(self._database, self._book.jobs())
            await self._guarded("deleting old runs", work)
            await asyncio.sleep(_HOUR)

    async def _guarded(self, what: str, work: Awaitable[object]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - one failing part stops no other
            self.troubles[what] = f"{type(error).__name__}: {error}"
            self._log.warning("job_engine_trouble", what=what, why=self.troubles[what])
        else:
            self.troubles.pop(what, None)
