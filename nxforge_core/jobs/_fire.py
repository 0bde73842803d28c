"""A slot or a wish becomes a run: row and queue job in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from psycopg import AsyncConnection

from nxforge_core.api import Manual, RunId

from ._errors import JobBusyError
from ._job import Job
from ._link import Link, Row, query
from ._spread import spread
from ._sql import SQL

__all__ = ["fire_manual", "fire_slot", "record_slot", "run_slot"]


async def fire_slot(link: Link, job: Job, slot: datetime) -> None:
    """Queue the slot's run, unless any process did; a busy job's slot is `skipped`."""
    async with link.transaction() as connection:
        await run_slot(link, connection, job, slot)


async def run_slot(
    link: Link,
    connection: AsyncConnection[Row],
    job: Job,
    slot: datetime,
    *,
    trigger: Literal["schedule", "catch-up"] = "schedule",
) -> None:
    """Do the same inside a transaction."""
    # All caught-up slots of `run_all` queue up: they would skip each other otherwise.
    lined_up = trigger == "catch-up" and job.spec.misfire == "run_all"
    run = await _insert(
        connection, job, slot, trigger, exclusive=not lined_up and _alone(job)
    )
    if run is not None:
        at = None if trigger == "catch-up" else _delayed(job, slot)
        await link.defer(connection, run, 1, at=at, lane=_lane(job))
    elif _alone(job) and not lined_up:
        busy = await _busy(connection, job)
        note = f"run {busy} was not finished" if busy else "another run was unfinished"
        await record_slot(connection, job, slot, "skipped", note)


async def record_slot(
    connection: AsyncConnection[Row],
    job: Job,
    slot: datetime,
    state: Literal["skipped", "misfired"],
    note: str,
) -> None:
    """Write down that a slot gets no run, and why."""
    await query(
        connection,
        SQL.insert_ended,
        plugin=job.plugin,
        job=job.name,
        slot=slot,
        state=state,
        note=note,
    )


async def fire_manual(
    link: Link,
    job: Job,
    asked: tuple[datetime, str],
    params: str | None,
) -> RunId:
    """Queue a run that somebody asked for (when, and by whom), and answer its id.

    The parameters are checked before, and come as JSON text.

    Raises:
        JobBusyError: the job never overlaps and is unfinished.
    """
    async with link.transaction() as connection:
        run = await _insert(
            connection,
            job,
            asked[0],
            "manual",
            exclusive=_alone(job),
            asked_by=asked[1],
            params=params,
        )
        if run is None:
            raise JobBusyError(*job.key, await _busy(connection, job))
        await link.defer(connection, run, 1, lane=_lane(job))
    return run


async def _insert(  # noqa: PLR0913 - one keyword for each column
    connection: AsyncConnection[Row],
    job: Job,
    slot: datetime,
    trigger: str,
    *,
    exclusive: bool,
    asked_by: str | None = None,
    params: str | None = None,
) -> RunId | None:
    rows = await query(
        connection,
        SQL.insert_run,
        plugin=job.plugin,
        job=job.name,
        slot=slot,
        trigger=trigger,
        asked_by=asked_by,
        exclusive=exclusive,
        lane=_lane(job),
        params=params,
    )
    return RunId(rows[0][0]) if rows else None


async def _busy(connection: AsyncConnection[Row], job: Job) -> RunId | None:
    rows = await query(connection, SQL.busy_run, plugin=job.plugin, job=job.name)
    return RunId(rows[0][0]) if rows else None


def _alone(job: Job) -> bool:
    return job.spec.overlap == "skip"


def _lane(job: Job) -> str | None:
    """Deliveries that must go one after another share a lane."""
    lined_up = job.spec.overlap == "queue" or (
        _alone(job) and job.spec.misfire == "run_all"
    )
    return f"{job.plugin}/{job.name}" if lined_up else None


def _delayed(job: Job, slot: datetime) -> datetime | None:
    """Jitter comes after the slot is fixed: the slot stays, the delivery waits."""
    trigger = job.spec.trigger
    if isinstance(trigger, Manual) or not trigger.jitter:
        return None
    delay = trigger.jitter * spread(*job.key, slot.isoformat())
    return slot + timedelta(seconds=delay)
