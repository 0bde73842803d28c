"""Jobs as operators see and change them: for routes and for the command line."""

from __future__ import annotations

from datetime import datetime

from nxforge_core.api import (
    Clock,
    Database,
    JobSpec,
    PluginId,
    Trigger,
    UnknownItemError,
)
from nxforge_core.jobs.catalog import (
    Job,
    JobPatch,
    JobSource,
    Override,
    Overrides,
    changed_job,
)
from nxforge_core.jobs.triggers import check_trigger, next_slots
from nxforge_core.services import SystemClock

from ._job_detail import SHOWN_SLOTS, JobDetail, job_detail
from ._records import JobState
from ._runs import Runs
from ._statistics import Statistics

__all__ = ["Plans"]


class Plans:
    """Reads the database at each call, so that what it tells is never behind.

    Args:
        source: The jobs that can be asked for.
        database: On the core schema.
    """

    def __init__(
        self, source: JobSource, database: Database, clock: Clock | None = None
    ) -> None:
        self._source = source
        self._clock = clock or SystemClock()
        self._overrides = Overrides(database, self._clock)
        self._runs = Runs(database)
        self._statistics = Statistics(database, self._clock)

    async def list_jobs(self) -> list[JobState]:
        """Jobs with their next slot, their last run and how they go."""
        return await self._runs.list_jobs(await self.find_all(), self._clock.now())

    async def find_all(self) -> list[Job]:
        """All jobs as they are in force."""
        stored: dict[tuple[str, str], Override] = {
            (row.plugin, row.job): row for row in await self._overrides.list_all()
        }
        return [
            changed_job(plugin, spec, stored.get((plugin, spec.name)))
            for plugin, spec in self._source.jobs()
        ]

    async def find(self, plugin: str, job: str) -> Job:
        """One job as it is in force.

        Raises:
            UnknownItemError: there is no such job.
        """
        own = self._own(plugin, job)
        return changed_job(
            PluginId(plugin), own, await self._overrides.get(plugin, job)
        )

    async def show(self, plugin: str, job: str) -> JobDetail:
        """Everything about one job.

        Raises:
            UnknownItemError: there is no such job.
        """
        return await self._detail(await self.find(plugin, job), self._own(plugin, job))

    async def change(
        self, plugin: str, job: str, patch: JobPatch, by: str
    ) -> JobDetail:
        """Change a job for everybody, and answer it as it is now.

        Raises:
            UnknownItemError: there is no such job.
            InvalidCronError: the cron text is wrong, with the position.
            InvalidInputError: names the field, its value and what is expected.
        """
        own = self._own(plugin, job)
        changed = await self._overrides.change(PluginId(plugin), own, patch, by)
        return await self._detail(changed, own)

    async def reset(self, plugin: str, job: str, by: str) -> JobDetail:
        """Return a job to what its plugin says.

        Raises:
            UnknownItemError: there is no such job.
        """
        own = self._own(plugin, job)
        changed = await self._overrides.reset(PluginId(plugin), own, by)
        return await self._detail(changed, own)

    def preview(self, plugin: str, job: str, trigger: Trigger) -> list[datetime]:
        """The next five slots that a trigger would have; nothing is stored.

        Raises:
            UnknownItemError: there is no such job.
            InvalidCronError: the cron text is wrong, with the position.
            InvalidInputError: the zone is unknown, the interval or jitter impossible.
        """
        self._own(plugin, job)
        check_trigger(trigger)
        return next_slots(trigger, self._clock.now(), SHOWN_SLOTS)

    def _own(self, plugin: str, job: str) -> JobSpec:
        spec = self._source.job(PluginId(plugin), job)
        if spec is None:
            remedy = "'nxforge jobs list' shows the jobs of the enabled plugins"
            raise UnknownItemError(kind="job", value=f"{plugin}/{job}", remedy=remedy)
        return spec

    async def _detail(self, job: Job, own: JobSpec) -> JobDetail:
        now = self._clock.now()
        (state,) = await self._runs.list_jobs([job], now)
        figures = await self._statistics.of_job(*job.key)
        return job_detail(job, own, state, figures, now)
