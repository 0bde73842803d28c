"""Reading runs, with nothing but a database: for routes and for the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, get_args

import msgspec

from nxforge_core.api import (
    Database,
    InvalidInputError,
    JobName,
    NxForgeError,
    Record,
    RunId,
    UnknownItemError,
)

from ._job import Job
from ._records import JobState, RunDetail, RunLine, RunState, RunSummary
from ._slots import next_slots
from ._sql import SQL
from ._words import trigger_words

__all__ = ["Runs"]

_MOST: Final = 1000
_STATES: Final[tuple[str, ...]] = get_args(RunState)
_JSON: Final = ("params", "result", "error", "progress")


class Runs:
    """Jobs and runs as they are stored.

    Args:
        database: On the core schema.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_jobs(self, jobs: Iterable[Job], now: datetime) -> list[JobState]:
        """Tell of each job when it runs and how it went last, by plugin and name."""
        ordered = sorted(jobs, key=lambda job: job.key)
        plugins = [job.plugin for job in ordered]
        names = [job.name for job in ordered]
        rows = await self._database.fetch(SQL.last_runs, plugins, names)
        last = {(row["plugin"], row["job"]): row for row in rows}
        return [_job_state(job, now, last.get(job.key)) for job in ordered]

    async def list_runs(
        self,
        *,
        plugin: str | None = None,
        job: str | None = None,
        state: str | None = None,
        limit: int = 50,
        before: RunId | None = None,
    ) -> list[RunSummary]:
        """Tell of 1 to 1000 runs, newest first, from `before` the given id on.

        Raises:
            InvalidInputError: the limit is out of range, or there is no such state.
        """
        _check_limit(limit)
        if state is not None and state not in _STATES:
            remedy = f"use one of {', '.join(_STATES)}"
            raise InvalidInputError(field="state", value=state, remedy=remedy)
        return await self._database.structs(
            RunSummary, SQL.list_runs, plugin, job, state, before, limit
        )

    async def get_run(self, run: RunId) -> RunDetail:
        """Tell everything of one run but its log.

        Raises:
            UnknownItemError: there is no such run.
        """
        row = await self._database.fetchrow(SQL.get_run, run)
        if row is None:
            raise UnknownItemError(
                kind="run", value=run, remedy="old runs are deleted; list the runs"
            )
        columns = dict(row)
        return RunDetail(**columns | {name: _read(columns[name]) for name in _JSON})

    async def run_logs(
        self, run: RunId, after: int = 0, limit: int = _MOST
    ) -> list[RunLine]:
        """Answer 1 to 1000 lines of a run's log, those `after` the given number.

        Raises:
            InvalidInputError: the limit is out of range.
            UnknownItemError: there is no such run.
        """
        _check_limit(limit)
        rows = await self._database.fetch(SQL.run_lines, run, after, limit)
        if not rows:
            await self.get_run(run)
        return [RunLine(**dict(row) | {"facts": _read(row["facts"])}) for row in rows]


def _job_state(job: Job, now: datetime, last: Record | None) -> JobState:
    spec = job.spec
    try:
        slots = next_slots(spec.trigger, now, 1)
    except NxForgeError:
        slots = []  # refused when the plugin was loaded; the list shows the words
    return JobState(
        plugin=job.plugin,
        name=JobName(spec.name),
        title=spec.title,
        trigger=trigger_words(spec.trigger),
        next_slot=slots[0] if slots else None,
        last_run=last["id"] if last else None,
        last_state=last["state"] if last else None,
        last_at=last["at"] if last else None,
    )


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= _MOST:
        remedy = f"ask for 1 to {_MOST} and page on"
        raise InvalidInputError(field="limit", value=limit, remedy=remedy)


def _read(text: str | None) -> object:
    return None if text is None else msgspec.json.decode(text)
