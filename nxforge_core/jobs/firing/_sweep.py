"""Looking after slots that nobody fired, by each job's policy."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from psycopg import AsyncConnection

from nxforge_core.api import Manual, Trigger
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.catalog import Job
from nxforge_core.jobs.delivery import Link, Row, query
from nxforge_core.jobs.triggers import (
    MisfirePlan,
    plan_misfires,
    previous_slot,
    trigger_text,
)

from ._fire import record_slot, run_slot

__all__ = ["sweep_job"]

#: The latest slots, looked at one by one; older ones of a long outage share a row.
_MOST_SLOTS: Final = 1000
_INSTANT: Final = timedelta(microseconds=1)


async def sweep_job(link: Link, job: Job, horizon: datetime) -> None:
    """Settle a job's slots up to the horizon; only one process at a time does."""
    if isinstance(job.spec.trigger, Manual):
        return
    key = {"plugin": job.plugin, "job": job.name}
    async with link.transaction() as connection:
        text = trigger_text(job.spec.trigger)
        rows = await query(connection, SQL.lock_schedule, **key, trigger=text)
        if not rows or rows[0][0] >= horizon:
            return
        settled = rows[0][0]
        known = await query(connection, SQL.known_slots, **key, after=settled)
        slots = {slot for (slot,) in known}
        missed = _missed(job.spec.trigger, settled, horizon, slots)
        if missed.slots:
            ran_later = max(slots, default=settled) > missed.slots[-1]
            plan = plan_misfires(job.spec.misfire, missed.slots, ran_later=ran_later)
            await _apply(link, connection, job, missed, plan)
        await query(connection, SQL.settle, **key, settled=horizon)


class _Missed(NamedTuple):
    slots: list[datetime]
    #: Not None where older ones were too many to look at: the instant they begin.
    since: datetime | None


def _missed(
    trigger: Trigger, after: datetime, horizon: datetime, known: set[datetime]
) -> _Missed:
    slots: list[datetime] = []
    slot = previous_slot(trigger, horizon)
    while slot is not None and slot > after and len(slots) < _MOST_SLOTS:
        slots.append(slot)
        slot = previous_slot(trigger, slot - _INSTANT)
    cut = slot is not None and slot > after
    missing = [slot for slot in reversed(slots) if slot not in known]
    return _Missed(missing, after if cut else None)


async def _apply(
    link: Link,
    connection: AsyncConnection[Row],
    job: Job,
    missed: _Missed,
    plan: MisfirePlan,
) -> None:
    since = missed.since
    for slot, why in plan.record:
        note = why
        if since is not None:
            note += f", as every slot since {since:%Y-%m-%d %H:%M:%S} UTC"
            since = None
        await record_slot(connection, job, slot, "misfired", note)
    for slot in plan.run:
        await run_slot(link, connection, job, slot, trigger="catch-up")
