"""Reading runs, with nothing but a database: for routes and for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from nxforge_core.api import (
    Database,
    JobName,
    NxForgeError,
    Record,
    RunId,
    UnknownItemError,
)
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.catalog import Job
from nxforge_core.jobs.triggers import next_slots, trigger_words

from ._detail import read_json, run_detail
from ._filters import MOST_ROWS, RunFilter, check_limit, levels_from, pattern
from ._records import JobState, RunDetail, RunLine, RunState, RunSummary
from ._statistics import JobStatistics, Statistics

__all__ = ["Pulse", "Runs"]

_EVERY: RunFilter = RunFilter()


class Pulse(msgspec.Struct, frozen=True, kw_only=True):
    """What changes of a run while it is followed.

    Attributes:
        ended: It will not change any more.
        progress: done, total, text.
        lines: Number of the last log line.
    """

    state: RunState
    attempt: int
    note: str | None
    ended: bool
    progress: object
    lines: int


class Runs:
    """Jobs and runs as they are stored.

    Args:
        database: On the core schema.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statistics = Statistics(database)

    async def list_jobs(self, jobs: Iterable[Job], now: datetime) -> list[JobState]:
        """Tell of each job when it runs and how it went, by plugin and name."""
        ordered = sorted(jobs, key=lambda job: job.key)
        plugins = [job.plugin for job in ordered]
        names = [job.name for job in ordered]
        rows = await self._database.fetch(SQL.last_runs, plugins, names)
        last = {(row["plugin"], row["job"]): row for row in rows}
        figures = await self._statistics.of_jobs([job.key for job in ordered])
        return [
            _job_state(job, now, last.get(job.key), figures[job.key]) for job in ordered
        ]

    async def list_runs(
        self,
        wanted: RunFilter = _EVERY,
        *,
        limit: int = 50,
        before: RunId | None = None,
    ) -> list[RunSummary]:
        """Tell of 1 to 1000 runs, newest first, from `before` the given id on.

        Raises:
            InvalidInputError: the limit is out of range, or the filter asks for what
                there is not.
        """
        check_limit(limit)
        return await self._database.structs(
            RunSummary, SQL.list_runs, *wanted.arguments(), before, limit
        )

    async def list_shards(
        self,
        run: RunId,
        *,
        states: Sequence[str] = (),
        limit: int = MOST_ROWS,
        after: int = 0,
    ) -> list[RunSummary]:
        """Tell of 1 to 1000 shards of a run, in order, `after` the given number.

        Raises:
            InvalidInputError: the limit is out of range, or there is no such state.
            UnknownItemError: there is no such run.
        """
        check_limit(limit)
        RunFilter(states=states).arguments()
        found = await self._database.structs(
            RunSummary, SQL.list_shards, run, after, list(states) or None, limit
        )
        if not found:
            await self._check_exists(run)
        return found

    async def get_run(self, run: RunId) -> RunDetail:
        """Tell everything of one run but its log.

        Raises:
            UnknownItemError: there is no such run.
        """
        detail = await run_detail(self._database, run)
        if detail is None:
            raise _unknown(run)
        return detail

    async def run_logs(
        self,
        run: RunId,
        after: int = 0,
        limit: int = MOST_ROWS,
        level: str | None = None,
        search: str | None = None,
    ) -> list[RunLine]:
        """Answer 1 to 1000 lines of a run's log, those `after` the given number.

        They are of the `level` or worse, and have the `search` text in their event or
        their facts, in capitals or not.

        Raises:
            InvalidInputError: the limit is out of range, there is no such level, or
                the text is longer than 200 characters.
            UnknownItemError: there is no such run.
        """
        check_limit(limit)
        levels, sought = levels_from(level), pattern(search)
        rows = await self._database.fetch(
            SQL.run_lines, run, after, limit, levels, sought
        )
        if not rows:
            await self._check_exists(run)
        return [
            RunLine(**dict(row) | {"facts": read_json(row["facts"])}) for row in rows
        ]

    async def pulse(self, run: RunId) -> Pulse:
        """Tell how far a run is: short enough to be asked twice a second.

        Raises:
            UnknownItemError: there is no such run.
        """
        row = await self._database.fetchrow(SQL.run_pulse, run)
        if row is None:
            raise _unknown(run)
        return Pulse(**dict(row) | {"progress": read_json(row["progress"])})

    async def _check_exists(self, run: RunId) -> None:
        if not await self._database.fetchval(SQL.run_exists, run):
            raise _unknown(run)


def _unknown(run: RunId) -> UnknownItemError:
    remedy = "old runs are deleted; list the runs"
    return UnknownItemError(kind="run", value=run, remedy=remedy)


def _job_state(
    job: Job, now: datetime, last: Record | None, figures: JobStatistics
) -> JobState:
    spec = job.spec
    try:
        slots = next_slots(spec.trigger, now, 1) if job.enabled else []
    except NxForgeError:
        slots = []  # refused when the plugin was loaded; the list shows the words
    return JobState(
        plugin=job.plugin,
        name=JobName(spec.name),
        title=spec.title,
        trigger=trigger_words(spec.trigger),
        next_slot=slots[0] if slots else None,
        enabled=job.enabled,
        overridden=job.override.fields if job.override else (),
        last_run=last["id"] if last else None,
        last_state=last["state"] if last else None,
        last_at=last["at"] if last else None,
        success_rate=figures.success_rate,
        median_seconds=figures.median_seconds,
        p95_seconds=figures.p95_seconds,
    )
