"""The workers of one process: one for each plugin that has jobs here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from nxforge_core.api import Clock, Log, PluginId
from nxforge_core.jobs._options import EngineOptions
from nxforge_core.jobs.catalog import JobBook
from nxforge_core.services import beside

from ._link import Link
from ._worker import PluginWorker

__all__ = ["Crew"]

#: Awaits a part's work and keeps its failure from others.
_Guard: TypeAlias = Callable[[str, Awaitable[object]], Awaitable[object]]


class Crew:
    """Starts and ends workers as the book of jobs changes.

    A worker each, because the places of one are then no other plugin's. What they
    have in common costs the database once: a listening connection, a heartbeat, and
    a look for deliveries whose time has come.

    Args:
        name: The process's; each worker's is made of it.
        guard: Reports what fails, and why.
    """

    def __init__(  # noqa: PLR0913 - the engine wires it once
        self,
        link: Link,
        book: JobBook,
        options: EngineOptions,
        *,
        name: str,
        clock: Clock,
        log: Log,
        guard: _Guard,
    ) -> None:
        self._link = link
        self._book = book
        self._options = options
        self._name = name
        self._clock = clock
        self._log = log
        self._guard = guard
        self._changed = asyncio.Event()
        self._workers: dict[PluginId, PluginWorker] = {}
        self._tasks: dict[PluginId, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Run until cancelled, then let all drain at the same time."""
        # Beside the group: heartbeats go on while the workers drain.
        async with beside(self._keep_beating()), asyncio.TaskGroup() as group:
            group.create_task(self._keep_looking())
            while True:
                self._changed.clear()
                self._follow(group)
                await self._changed.wait()

    def refresh(self) -> None:
        """Take over the jobs of the book."""
        self._changed.set()

    async def left(self, plugin: PluginId) -> None:
        """Wait until the worker of a plugin that the book has no more has drained."""
        if (task := self._tasks.get(plugin)) is not None:
            await asyncio.wait({task})

    async def beat(self) -> None:
        """Give a sign of life for all workers."""
        ids = [worker.id for worker in self._workers.values() if worker.id]
        if ids:
            await self._guard("giving a sign of life", self._link.beat(ids))

    def _follow(self, group: asyncio.TaskGroup) -> None:
        plugins = {job.plugin for job in self._book.jobs()}
        wanted = {plugin for plugin in plugins if self._options.serves(plugin)}
        for plugin in self._tasks.keys() - wanted:
            self._tasks[plugin].cancel()
        for plugin in sorted(wanted - self._tasks.keys()):
            self._start(group, plugin)

    def _start(self, group: asyncio.TaskGroup, plugin: PluginId) -> None:
        worker = PluginWorker(
            self._link,
            self._options,
            plugin,
            name=f"{self._name}/{plugin}",
            clock=self._clock,
            log=self._log,
        )
        self._workers[plugin] = worker
        self._tasks[plugin] = task = group.create_task(worker.run())
        task.add_done_callback(lambda _: self._end(plugin))

    def _end(self, plugin: PluginId) -> None:
        del self._tasks[plugin], self._workers[plugin]
        # The plugin may be wanted again since its worker was told to end.
        self._changed.set()

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self._options.heartbeat)
            await self.beat()

    async def _keep_looking(self) -> None:
        """Wake workers for retries and jitter, and where a notification was lost."""
        while True:
            await asyncio.sleep(self._options.poll)
            queues = [worker.queue for worker in self._workers.values()]
            if queues:
                await self._guard("looking into the queue", self._link.look(queues))
