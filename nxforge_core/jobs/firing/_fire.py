"""A slot or a wish becomes a run: row and queue job in one transaction."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final, Literal, NoReturn

import msgspec
from psycopg import AsyncConnection

from nxforge_core.api import Log, Manual, RunId, UnavailableError
from nxforge_core.jobs._errors import JobBusyError, JobDisabledError
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.catalog import Job
from nxforge_core.jobs.delivery import Link, Row, query
from nxforge_core.jobs.triggers import spread, trigger_text

from ._family import insert_shards

__all__ = ["Wish", "fire_manual", "fire_slot", "record_slot", "run_slot"]

#: Seconds before a slot is fired once more that may or may not have been stored.
_PAUSE: Final = 0.5


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A run that somebody asks for.

    Attributes:
        at: When.
        params: JSON text, checked before; None for the defaults.
        rerun_of: The run that it repeats.
        shards: JSON text of each shard's parameters, of a run that only has shards.
    """

    at: datetime
    by: str
    params: str | None = None
    rerun_of: RunId | None = None
    shards: tuple[str, ...] = ()


async def fire_slot(link: Link, job: Job, slot: datetime, log: Log) -> None:
    """Queue the slot's run, unless any process did; a busy job's slot is `skipped`.

    Where the database went away over it, the outcome is unknown. A slot has one row at
    the most, so it is simply fired once more; what fails then is left to the sweep.

    Raises:
        UnavailableError: the database stayed away.
    """
    facts = {"plugin": job.plugin, "job": job.name, "slot": slot.isoformat()}
    try:
        await _fire(link, job, slot)
    except UnavailableError as error:
        log.warning("fire_outcome_unknown", **facts, why=str(error))
        await asyncio.sleep(_PAUSE)
        await _fire(link, job, slot)
        log.info("outcome_resolved", **facts, outcome="the slot has its row")


async def _fire(link: Link, job: Job, slot: datetime) -> None:
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
    """Do the same inside a transaction.

    Nothing is left of a slot of a job that was disabled or given another trigger: who
    changes a job locks its row of the schedule, so that from the commit on no process
    fires what was planned before.
    """
    if not await _is_planned(connection, job, slot):
        return
    # All caught-up slots of `run_all` queue up: they would skip each other otherwise.
    lined_up = trigger == "catch-up" and job.spec.misfire == "run_all"
    due = slot + _jitter(job, slot)
    run = await _insert(
        connection,
        job,
        slot=slot,
        trigger=trigger,
        exclusive=not lined_up and _alone(job),
        params=job.params,
        due_at=due,
    )
    if run is not None:
        at = None if trigger == "catch-up" or due == slot else due
        await link.defer(connection, job.plugin, run, 1, at=at, lane=_lane(job))
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


async def fire_manual(link: Link, job: Job, wish: Wish) -> RunId:
    """Queue a run that somebody asked for, and answer its id.

    Raises:
        JobDisabledError: somebody switched the job off.
        JobBusyError: the job never overlaps and is unfinished.
    """
    async with link.transaction() as connection:
        run = await _insert(
            connection,
            job,
            slot=wish.at,
            trigger="manual",
            exclusive=_alone(job),
            asked_by=wish.by,
            params=wish.params,
            due_at=wish.at,
            rerun_of=wish.rerun_of,
            shards=len(wish.shards) or None,
        )
        if run is None:
            await _refuse(connection, job)
        elif wish.shards:
            await insert_shards(link, connection, job.plugin, run, wish.shards)
        else:
            await link.defer(connection, job.plugin, run, 1, lane=_lane(job))
    return run


async def _refuse(connection: AsyncConnection[Row], job: Job) -> NoReturn:
    disabled = await query(
        connection, SQL.job_disabled, plugin=job.plugin, job=job.name
    )
    if disabled:
        raise JobDisabledError(*job.key, disabled[0][0])
    raise JobBusyError(*job.key, await _busy(connection, job))


async def _is_planned(
    connection: AsyncConnection[Row], job: Job, slot: datetime
) -> bool:
    planned = trigger_text(job.spec.trigger)
    rows = await query(
        connection,
        SQL.hold_slot,
        plugin=job.plugin,
        job=job.name,
        planned=planned,
        slot=slot,
    )
    return bool(rows and rows[0][0])


async def _insert(
    connection: AsyncConnection[Row], job: Job, **columns: object
) -> RunId | None:
    given = {"asked_by": None, "rerun_of": None, "shards": None} | columns
    rows = await query(
        connection,
        SQL.insert_run,
        plugin=job.plugin,
        job=job.name,
        lane=_lane(job),
        **given,
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


def _jitter(job: Job, slot: datetime) -> timedelta:
    """Jitter comes after the slot is fixed: the slot stays, the delivery waits."""
    trigger = job.spec.trigger
    if isinstance(trigger, Manual) or not trigger.jitter:
        return timedelta()
    delay = trigger.jitter * spread(*job.key, slot.isoformat())
    return timedelta(seconds=delay)
