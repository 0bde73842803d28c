"""How jobs go: rates, percentiles, and what their runs leave behind in the process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from nxforge_core.api import Clock, Database, JobName, PluginId, Record
from nxforge_core.jobs._sql import SQL
from nxforge_core.services import SystemClock

from ._filters import check_limit

__all__ = ["JobStatistics", "JobUsage", "Statistics"]

_DAYS: Final = timedelta(days=30)
_NEWEST: Final = 1000
_NEWEST_OF_USAGE: Final = 50
#: States that say whether the job works; the others say that it could not try.
_TRIED: Final = ("succeeded", "failed", "timed_out", "lost")


class JobStatistics(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How the newest finished runs of a job went, those of the last 30 days.

    A percentile p of n sorted values is at the place p * (n - 1), counted from 0,
    between two values in proportion: `percentile_cont` of PostgreSQL, the `inclusive`
    method of Python's `statistics.quantiles`. Seconds are those of the last attempt of
    runs that succeeded, failed or timed out; lateness is of runs that began. Shards
    count with their parent, as one run.

    Attributes:
        runs: How many were looked at, 1000 at the most, whichever way they ended.
        success_rate: 0 to 1, of those that succeeded, failed, timed out or were lost;
            None where there are none. One that failed in part succeeded.
        idle: Runs that found nothing due: they are counted by the hour and not kept,
            and in none of the other figures.
    """

    runs: int
    succeeded: int
    failed: int
    timed_out: int
    cancelled: int
    skipped: int
    misfired: int
    lost: int
    idle: int
    success_rate: float | None
    median_seconds: float | None
    p95_seconds: float | None
    median_late: float | None
    p95_late: float | None
    p99_late: float | None
    last_success_at: datetime | None


class JobUsage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the newest runs of a job left behind in the processes that ran them.

    Runs beside each other share a process: growth is that of the process while the
    run was in it, so it shows a leak by its steadiness.

    Attributes:
        runs: How many were measured, 50 at the most.
        memory_growth: Bytes, over all of them.
        file_growth: Open files and sockets.
        thread_growth: Threads.
        seconds: Of work, over all of them.
    """

    job: JobName
    runs: int
    memory_growth: int
    file_growth: int
    thread_growth: int
    seconds: float


class Statistics:
    """Figures of jobs as their stored runs have them.

    Args:
        database: On the core schema.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def of_jobs(
        self, keys: Sequence[tuple[str, str]], newest: int = _NEWEST
    ) -> Mapping[tuple[str, str], JobStatistics]:
        """Tell of jobs, named by plugin and name, in one query.

        Of each the `newest` finished runs are looked at, 1 to 1000.

        Raises:
            InvalidInputError: `newest` is out of range.
        """
        check_limit(newest)
        plugins, jobs = [key[0] for key in keys], [key[1] for key in keys]
        since = self._clock.now() - _DAYS
        rows = await self._database.fetch(
            SQL.job_statistics, plugins, jobs, since, newest
        )
        return {(row["plugin"], row["job"]): _statistics(row) for row in rows}

    async def of_job(
        self, plugin: str, job: str, newest: int = _NEWEST
    ) -> JobStatistics:
        """Tell of one job; zeros where nobody ran it.

        Raises:
            InvalidInputError: `newest` is out of range.
        """
        return (await self.of_jobs([(plugin, job)], newest))[plugin, job]

    async def usage(
        self, plugin: PluginId, jobs: Sequence[str], newest: int = _NEWEST_OF_USAGE
    ) -> list[JobUsage]:
        """Tell what runs of a plugin's jobs left behind, by name of the job.

        Raises:
            InvalidInputError: `newest` is out of range.
        """
        check_limit(newest)
        return await self._database.structs(
            JobUsage, SQL.job_usage, plugin, list(jobs), newest
        )


def _statistics(row: Record) -> JobStatistics:
    columns = dict(row)
    del columns["plugin"], columns["job"]
    columns["idle"] = int(columns["idle"])
    tried = sum(columns[state] for state in _TRIED)
    rate = columns["succeeded"] / tried if tried else None
    return JobStatistics(**columns, success_rate=rate)
