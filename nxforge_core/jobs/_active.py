"""The engine while its queue is open. Imported late, it is heavy."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable
from contextlib import suppress
from secrets import token_hex
from typing import Final

from nxforge_core.api import Clock, Database, Events, Log, PluginId
from nxforge_core.events import Listener

from ._heed import heed
from ._meters import JobMeters
from ._options import EngineOptions
from .catalog import CHANNEL, JobBook
from .delivery import Crew, Link
from .firing import Planner
from .triggers import spread
from .upkeep import Reaper, delete_old_runs, end_strays
from .work import Runner

__all__ = ["Active"]

_HOUR: Final = 3600.0
#: Seconds before overrides that could not be read are read again.
_SOON: Final = 1.0


class Active:
    """Schedule, worker, sweep and reaper of this process, as its options say.

    Attributes:
        runner: What runs now.
        troubles: What fails now, and why.
    """

    def __init__(  # noqa: PLR0913 - the engine wires it once
        self,
        link: Link,
        database: Database,
        book: JobBook,
        clock: Clock,
        log: Log,
        *,
        options: EngineOptions,
        listener: Listener,
        meters: JobMeters | None = None,
        events: Events | None = None,
    ) -> None:
        self._link = link
        self._database = database
        self._book, self._clock, self._log = book, clock, log
        self._name = f"{socket.gethostname()}:{os.getpid()}:{token_hex(3)}"
        self._listener, self._options = listener, options
        self._planner: Planner | None = None
        self._crew: Crew | None = None
        self.troubles: dict[str, str] = {}
        self.runner = Runner(
            link,
            database,
            book,
            clock,
            log,
            worker=self._name,
            cleanup=options.cleanup,
            meters=meters,
            events=events,
        )
        self._reaper = Reaper(
            link,
            log,
            worker=self._name,
            held=lambda: self.runner.held,
            stalled=options.stalled,
            meters=meters,
        )

    async def run(self) -> None:
        """Run until cancelled, then drain within the grace."""
        self._link.on_delivery(self.runner.deliver)
        # Before anything is scheduled or claimed; where it fails the engine waits.
        await self._book.reload()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_reaping())
            if self._options.worker:
                self._crew = self._muster()
                group.create_task(self._crew.run())
            group.create_task(self._keep_book())
            if self._options.scheduler:
                self._planner = self._plan()
                group.create_task(self._planner.run(group))
                group.create_task(self._keep_house())

    def refresh(self) -> None:
        """Take over the registry's jobs at once."""
        if self._planner is not None:
            self._planner.refresh()
        if self._crew is not None:
            self._crew.refresh()

    async def left(self, plugin: PluginId) -> None:
        """Wait until the worker of a plugin that went has drained."""
        if self._crew is not None:
            await self._crew.left(plugin)

    async def _keep_book(self) -> None:
        """Follow what operators change, within a moment where notifications come."""
        stale = asyncio.Event()
        end = self._listener.listen(CHANNEL, lambda _: stale.set(), stale.set)
        try:
            while True:
                stale.clear()
                read = await self._guarded("reading overrides", self._reload())
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._options.sweep if read else _SOON):
                        await stale.wait()
        finally:
            end()

    async def _reload(self) -> None:
        if await self._book.reload():
            self.refresh()

    async def _keep_reaping(self) -> None:
        looks = 0
        while True:
            if self._crew is not None:
                # A loop that was blocked must not take its own workers for dead.
                await self._crew.beat()
            # At once: where hosts are restarted often, none would live to look.
            await self._guarded("reaping", self._reaper.reap())
            here = [job.plugin for job in self._book.jobs()]
            strays = end_strays(self._link, here, self._log)
            await self._guarded("ending runs that nobody takes", strays)
            looks += 1
            pause = self._options.reap * (0.75 + 0.5 * spread(self._name, looks))
            await asyncio.sleep(pause)

    def _muster(self) -> Crew:
        return Crew(
            self._link,
            self._book,
            self._options,
            name=self._name,
            clock=self._clock,
            log=self._log,
            guard=self._guarded,
        )

    def _plan(self) -> Planner:
        return Planner(
            self._link,
            self._database,
            self._book,
            self._clock,
            self._log,
            options=self._options,
            guard=self._guarded,
        )

    async def _keep_house(self) -> None:
        while True:
            work = delete_old_runs(self._database, self._book.jobs())
            done = await self._guarded("deleting old runs", work)
            await asyncio.sleep(_HOUR if done else self._options.sweep)

    async def _guarded(self, what: str, work: Awaitable[object]) -> bool:
        try:
            await heed(work)
        except Exception as error:  # noqa: BLE001 - one failing part stops no other
            self.troubles[what] = f"{type(error).__name__}: {error}"
            self._log.warning("job_engine_trouble", what=what, why=self.troubles[what])
            return False
        self.troubles.pop(what, None)
        return True
