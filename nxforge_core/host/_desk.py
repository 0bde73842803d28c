"""Jobs for the command line, from a process that runs none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import Distribution
from typing import Literal

from nxforge_core.api import JobSpec, PluginId, RunId
from nxforge_core.builtin import job_change
from nxforge_core.jobs import (
    EngineOptions,
    Job,
    JobDetail,
    JobPatch,
    Plans,
    Queue,
    Runs,
)
from nxforge_core.plugins import Plugin
from nxforge_core.security.audit import Actor, AuditTrail
from nxforge_core.services import SystemClock
from nxforge_core.settings import LoadedSettings, Settings

from ._core import open_core
from ._deadlines import Deadlines
from ._order import Order
from .lifecycle import take_inventory

__all__ = ["JobDesk", "open_job_desk"]


class JobDesk:
    """The jobs of the enabled plugins and the queue their runs are put into.

    Attributes:
        plans: To see and change jobs.
        runs: To see runs.
    """

    def __init__(
        self, plans: Plans, runs: Runs, queue: Queue, trail: AuditTrail
    ) -> None:
        self.plans = plans
        self.runs = runs
        self._queue = queue
        self._trail = trail

    async def change(
        self, plugin: str, job: str, patch: JobPatch | None, by: Actor
    ) -> JobDetail:
        """Change a job as `Plans.change` does; without a patch return it to its own."""
        before = await self.plans.show(plugin, job)
        if patch is None:
            after = await self.plans.reset(plugin, job, by.name)
        else:
            after = await self.plans.change(plugin, job, patch, by.name)
        action = "jobs.reset" if patch is None else "jobs.change"
        change = job_change(before, after)
        await self._trail.add(by, action, f"{plugin}/{job}", change)
        return after

    async def run_now(
        self, plugin: str, job: str, params: Mapping[str, object], by: Actor
    ) -> RunId:
        """Queue a manual run.

        Raises:
            UnknownItemError: no enabled plugin has such a job.
            InvalidInputError: the parameters do not fit.
            JobDisabledError: somebody switched the job off.
            JobBusyError: the job never overlaps and is queued or running.
        """
        found = await self.plans.find(plugin, job)
        run = await self._queue.run_now(found, params, by.name)
        await self._trail.add(by, "jobs.run", f"{plugin}/{job}", (None, {"run": run}))
        return run

    async def cancel(self, run: RunId, by: Actor) -> bool:
        """See `Queue.cancel`."""
        ended = await self._queue.cancel(run, by.name)
        await self._trail.add(by, "runs.cancel", str(run))
        return ended

    async def rerun(
        self, run: RunId, only: Literal["all", "failed"], by: Actor
    ) -> RunId:
        """See `Queue.rerun`."""
        jobs = {job.key: job for job in await self.plans.find_all()}

        def find(plugin: PluginId, job: str) -> Job | None:
            return jobs.get((plugin, job))

        again = await self._queue.rerun(find, run, only, by.name)
        after = {"run": again, "only": only}
        await self._trail.add(by, "runs.rerun", str(run), (None, after))
        return again


class _Shelf:
    """Implements `nxforge_core.jobs.JobSource` for plugins that are only loaded."""

    def __init__(self, plugins: Sequence[Plugin]) -> None:
        self._plugins = plugins

    def jobs(self) -> Iterable[tuple[PluginId, JobSpec]]:
        """All jobs."""
        return [(each.id, spec) for each in self._plugins for spec in each.specs.jobs]

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """One of them."""
        key = plugin, name
        return next(
            (spec for owner, spec in self.jobs() if (owner, spec.name) == key), None
        )


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
        order = Order(LoadedSettings.of(settings), clock, Deadlines(), found)
        inventory, _ = await take_inventory(order, core.database)
        plans = Plans(_Shelf(inventory.active), core.database, clock)
        options = EngineOptions(instance=core.instance)
        queue = Queue(core.address, options.queue, clock)
        try:
            yield JobDesk(plans, Runs(core.database), queue, AuditTrail(core.database))
        finally:
            await queue.close()
