"""The schedule of this process, kept true to its plugins and operators."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeAlias

from nxforge_core.api import Clock, Database, Log, Manual, PluginId
from nxforge_core.jobs._options import EngineOptions
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.catalog import Job, JobBook
from nxforge_core.jobs.delivery import Link
from nxforge_core.jobs.triggers import trigger_text

from ._fire import fire_slot
from ._schedule import Schedule
from ._sweep import sweep_job

__all__ = ["Guard", "Planner"]

#: Awaits work that has a name; what it raises is told and goes no further.
Guard: TypeAlias = Callable[[str, Awaitable[object]], Awaitable[bool]]


class Planner:
    """Fires slots when they come, and looks after those that nobody fired."""

    def __init__(  # noqa: PLR0913 - the engine wires it once
        self,
        link: Link,
        database: Database,
        book: JobBook,
        clock: Clock,
        log: Log,
        *,
        options: EngineOptions,
        guard: Guard,
    ) -> None:
        self._link = link
        self._database = database
        self._book = book
        self._clock = clock
        self._log = log
        self._pause = options.sweep
        self._late = timedelta(seconds=options.late)
        self._guard = guard
        self._changed = asyncio.Event()
        self._fires: asyncio.TaskGroup | None = None
        self._seen: set[tuple[PluginId, str]] = set()
        self._schedule = Schedule(self._wake, log, options.late)

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Keep time until cancelled; what is fired belongs to the group."""
        self._schedule.start()
        self._fires = group
        try:
            while True:
                self._changed.clear()
                # Before the rows: a new job owes slots from its row on, and between
                # the two nobody would wake up for one.
                self._schedule.replace(self._book.jobs())
                await self._guard("observing jobs", self._observe())
                await self._guard("sweeping", self._sweep())
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause):
                        await self._changed.wait()
        finally:
            # The scheduler stops a turn of the loop later: until then it fires nothing.
            self._fires = None
            self._schedule.stop()

    def refresh(self) -> None:
        """Take over the book's jobs at once."""
        if self._fires is not None:
            self._schedule.replace(self._book.jobs())
            self._changed.set()

    def _wake(self, plugin: PluginId, job: str, slot: datetime) -> None:
        found = self._book.job(plugin, job)
        if self._fires is None or found is None or not found.enabled:
            return
        if self._clock.now() - slot <= self._late:
            fired = fire_slot(self._link, found, slot, self._log)
            self._fires.create_task(self._guarded_fire(found, fired))

    async def _guarded_fire(self, job: Job, fired: Awaitable[None]) -> None:
        await self._guard(f"firing {job.plugin}/{job.name}", fired)

    async def _observe(self) -> None:
        """Have a row for each planned job and none for others.

        A job whose override is another than this book knows is left to processes that
        know better; the lock holds off changes, so that what we read stays true.
        """
        jobs = self._book.jobs()
        known = {job.key for job in jobs}
        planned = [job for job in jobs if _is_planned(job)]
        others = [job for job in jobs if not _is_planned(job)]
        async with self._database.transaction() as connection:
            await connection.execute(SQL.hold_overrides)
            await connection.execute(SQL.unplan_all, *_columns(others))
            for gone in sorted(self._seen - known):
                await connection.execute(SQL.unplan, *gone)
            texts = [trigger_text(job.spec.trigger) for job in planned]
            now = self._clock.now()
            await connection.execute(SQL.observe, *_columns(planned), texts, now)
        self._seen = known

    async def _sweep(self) -> None:
        for job in self._book.jobs():
            if _is_planned(job):
                await sweep_job(self._link, job, self._clock.now() - self._late)
        await self._database.execute(SQL.forget_idle)


def _is_planned(job: Job) -> bool:
    return job.enabled and not isinstance(job.spec.trigger, Manual)


def _columns(jobs: list[Job]) -> tuple[list[str], list[str], list[datetime | None]]:
    """Plugins, names, and when the overrides that the book knows were made."""
    stamps = [job.override.changed_at if job.override else None for job in jobs]
    return [job.plugin for job in jobs], [job.name for job in jobs], stamps
