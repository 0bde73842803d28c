"""Jobs for the command line: asked for and listed, by a process that runs none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import Distribution

from nxforge_core.api import Clock, RunId, UnknownItemError
from nxforge_core.jobs import EngineOptions, Job, JobState, Queue, Runs
from nxforge_core.services import SystemClock
from nxforge_core.settings import Settings

from ._core import open_core
from ._deadlines import Deadlines
from ._enabled import instance_id
from ._inventory import take_inventory
from ._order import Order

__all__ = ["JobDesk", "open_job_desk"]


class JobDesk:
    """The jobs of the enabled plugins and the queue they are put into."""

    def __init__(
        self,
        jobs: list[Job],
        runs: Runs,
        queue: Queue,
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._runs = runs
        self._queue = queue
        self._clock = clock

    async def list_jobs(self) -> list[JobState]:
        """Jobs with their next slot and their last run."""
        return await self._runs.list_jobs(self._jobs, self._clock.now())

    async def run_now(
        self, plugin: str, job: str, params: Mapping[str, object], by: str
    ) -> RunId:
        """Queue a manual run.

        Raises:
            UnknownItemError: no enabled plugin has such a job.
            InvalidInputError: the parameters do not fit.
        """
        for each in self._jobs:
            if each.key == (plugin, job):
                return await self._queue.run_now(each, params, by)
        remedy = "'nxforge jobs list' shows the jobs of the enabled plugins"
        raise UnknownItemError(kind="job", value=f"{plugin}/{job}", remedy=remedy)


@asynccontextmanager
async def open_job_desk(
    settings: Settings, distributions: Iterable[Distribution] | None = None
) -> AsyncIterator[JobDesk]:
    """Load the enabled plugins for their job specs; none of them is started.

    Args:
        settings: What the host is told.
        distributions: Where plugins are looked for; by default all that is installed.

    Raises:
        NxForgeError: the database cannot be used.
    """
    clock = SystemClock()
    async with open_core(settings) as core:
        found = None if distributions is None else tuple(distributions)
        order = Order(settings, clock, Deadlines(), found)
        inventory = await take_inventory(order, core.database)
        jobs = [
            Job(plugin=plugin.id, spec=spec)
            for plugin in inventory.active
            for spec in plugin.specs.jobs
        ]
        options = EngineOptions(instance=await instance_id(core.database))
        queue = Queue(core.address, options.queue, clock)
        try:
            yield JobDesk(jobs, Runs(core.database), queue, clock)
        finally:
            await queue.close()
