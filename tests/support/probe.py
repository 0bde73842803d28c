"""A plugin for the fault tests: many jobs a second, each writes its slot once."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from distributions import Site
from hosts import Installation, until

__all__ = ["Probe"]

_SOURCE = '''
"""Each run takes some time, stores its slot in a fenced transaction, says so."""

import asyncio
import os
import signal
from pathlib import Path

from nxforge_core.api import Every, JobSpec, Manual, MigrationsSpec, hookimpl

VERSION = "{version}"
DOOMED = Path({doomed!r})


async def write(ctx, params):
    ctx.log.info("begun", slot=ctx.run.slot.isoformat(), attempt=ctx.run.attempt)
    await asyncio.sleep({seconds})
    async with ctx.transaction() as connection:
        await connection.execute(
            "insert into written (job, slot, run, attempt, version) "
            "values ($1, $2, $3, $4, $5)",
            ctx.run.job, ctx.run.slot, ctx.run.id, ctx.run.attempt, VERSION,
        )
    if DOOMED.exists() and DOOMED.read_text() == str(os.getpid()):
        os.kill(os.getpid(), signal.SIGKILL)
    # After the commit: from here on the row must never be missed.
    ctx.log.info("acknowledged", slot=ctx.run.slot.isoformat())
    return {{"version": VERSION}}


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)


@hookimpl
def nxforge_jobs():
    every = [
        JobSpec(
            name=f"write-{{number}}", title="Write", handler=write, overlap="allow",
            misfire="run_all", trigger=Every(seconds={every}),
        )
        for number in range({jobs})
    ]
    asked = JobSpec(
        name="asked", title="Write when asked", handler=write, overlap="allow",
        trigger=Manual(),
    )
    return [*every, asked]
'''
_TABLE = """-- Deliberately without a unique key: what is written twice is counted.
create table written (
    job text not null,
    slot timestamptz not null,
    run bigint not null,
    attempt integer not null,
    version text not null,
    at timestamptz not null default clock_timestamp()
);
"""


class Probe:
    """The plugin `fault-probe` of an installation.

    Args:
        jobs: How many jobs are due every `every` seconds.
        seconds: How long a run takes.
    """

    ID = "fault-probe"

    def __init__(
        self,
        installation: Installation,
        folder: Path,
        *,
        jobs: int = 10,
        seconds: float = 0.1,
        every: int = 1,
        version: str = "1",
    ) -> None:
        self._installation = installation
        self.jobs = jobs
        self.every = every
        self.path = folder / f"site-{version}"
        self._doomed = folder / "doomed"
        words = {"version": version, "doomed": str(self._doomed)}
        source = _SOURCE.format(jobs=jobs, seconds=seconds, every=every, **words)
        files = {
            "migrations/001_create_written.sql": _TABLE,
            "migrations/001_create_written.rollback.sql": "drop table written;\n",
        }
        Site(self.path).add(self.ID, source, files=files)

    def install(self, *others: str, **settings: Any) -> None:
        """Put it on the installation's path and enable it, with others beside it."""
        self._installation.configure(self.ID, *others, **settings)
        self._installation.command.path.append(str(self.path))

    def doom(self, pid: int) -> None:
        """Have a process kill itself between its next commit and the word of it."""
        written = self._doomed.with_suffix(".new")
        written.write_text(str(pid))
        written.rename(self._doomed)

    def acknowledged(self) -> set[int]:
        """Runs whose row a process said it has stored."""
        return {
            line["run_id"]
            for line in self._installation.lines()
            if line.get("event") == "acknowledged"
        }

    def begun(self) -> int:
        """How often a handler began."""
        lines = self._installation.lines()
        return sum(line.get("event") == "begun" for line in lines)

    def lost(self) -> int:
        """Rows that a process said it has stored, and that are not there."""
        rows = self._query("select run from nxp_fault_probe.written")
        return len(self.acknowledged() - {run for (run,) in rows})

    def duplicates(self) -> int:
        """Rows too many: of a slot's second run, or of an attempt that was not alone.

        An attempt whose end was lost after its commit is followed by another one that
        may write again: `repeated`. What must not be is a row of an attempt that was
        given away before, or of another run for the slot.
        """
        statement = """
            select count(distinct (job, slot, run)) - count(distinct (job, slot))
                + count(*) - count(distinct (run, attempt))
                + count(*) filter (where exists (
                    select from nxp_fault_probe.written as newer
                    where newer.run = written.run and newer.attempt > written.attempt
                        and newer.at < written.at
                ))
            from nxp_fault_probe.written
        """
        return int(self._query(statement)[0][0])

    def repeated(self) -> int:
        """Rows of attempts that began anew because a stored row's run had no end."""
        statement = "select count(*) - count(distinct (job, slot)) from {}"
        rows = self._query(statement.format("nxp_fault_probe.written"))
        return int(rows[0][0])

    def written(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> int:
        """Rows there are, of all slots or of those after the one up to the other."""
        statement = """
            select count(*) from nxp_fault_probe.written
            where slot > coalesce(%s::timestamptz, '-infinity')
                and slot <= coalesce(%s::timestamptz, 'infinity')
        """
        return int(self._query(statement, since, until)[0][0])

    def since(self) -> datetime | None:
        """From when on slots are due, once the scheduler has seen all jobs."""
        statement = (
            "select max(settled) from nxforge.schedule where plugin = %s "
            "having count(*) = %s"
        )
        rows = self._query(statement, self.ID, self.jobs)
        return rows[0][0] if rows else None

    def due(self, since: datetime, until: datetime) -> int:
        """How many slots were due from after the one up to the other."""
        first, last = (int(each.timestamp()) // self.every for each in (since, until))
        return self.jobs * (last - first)

    def gaps(self, since: datetime, until: datetime) -> int:
        """Due slots that have neither a run that ended nor a word why not."""
        statement = """
            select count(*) from nxforge.run
            where plugin = %s and trigger <> 'manual' and slot > %s and slot <= %s
                and finished_at is not null
        """
        rows = self._query(statement, self.ID, since, until)
        return self.due(since, until) - int(rows[0][0])

    def settle(self, seconds: float = 60) -> datetime:
        """Wait until every slot due by now has its outcome; answers the instant."""
        now: datetime = self._query("select now()")[0][0]
        statement = """
            select min(settled) >= %s from nxforge.schedule where plugin = %s
        """
        until(lambda: self._query(statement, now, self.ID)[0][0], seconds, every=0.2)
        return self.done(now)

    def done(self, until_slot: datetime | None = None) -> datetime:
        """Wait until the runs of every slot up to an instant ended; answers it.

        A backlog may take long: given up is what makes no way for 30 seconds.
        """
        now: datetime = until_slot or self._query("select now()")[0][0]
        # What is due this very second may not be fired yet.
        threading.Event().wait(1.0)
        while before := self._unfinished(now):
            if not until(lambda than=before: self._unfinished(now) < than, 30, 0.2):
                break
        return now

    def _unfinished(self, now: datetime) -> int:
        statement = """
            select count(*) from nxforge.run
            where plugin = %s and slot <= %s and finished_at is null
        """
        return int(self._query(statement, self.ID, now)[0][0])

    def _query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._installation.query(statement, *values)
