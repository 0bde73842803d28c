"""State of runs on the core's pool: each change names the attempt it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from nxforge_core.api import Database, JobName, PluginId, RunId
from nxforge_core.jobs._sql import SQL

from ._lines import StoredLine
from ._usage import Growth
from ._verdict import Verdict

__all__ = ["AttemptStore", "Claim", "Ledger"]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that was delivered here.

    Attributes:
        shard: From 1 on for a shard, else 0.
        tries: Attempts that failed before.
        params: JSON text, None for the defaults.
        age: Seconds since the run was first queued.
        lines: Number of the last line that earlier attempts logged.
        late: Seconds from the instant it was due, of a run's first attempt.
        disabled: The job is switched off: the run ended as `skipped`.
        behind: The unfinished run of the same lane that comes before it.
    """

    id: RunId
    plugin: PluginId
    job: JobName
    slot: datetime
    attempt: int
    tries: int
    params: str | None
    age: float
    lines: int
    shard: int = 0
    late: float | None = None
    disabled: bool = False
    behind: RunId | None = None


class Ledger:
    """The run table, as a worker writes it.

    Args:
        worker: Its name, for the record.
    """

    def __init__(self, database: Database, worker: str) -> None:
        self._database = database
        self._worker = worker

    async def claim(self, run: RunId, attempt: int) -> Claim | None:
        """Take a queued attempt; None where the delivery is stale."""
        found = await self._database.structs(
            Claim, SQL.claim, run, attempt, self._worker
        )
        return found[0] if found else None

    async def finish(
        self, claim: Claim, verdict: Verdict, seconds: float, growth: Growth
    ) -> str | None:
        """Store how an attempt ended, and answer the state of the run.

        Returns:
            `cancelled` where somebody cancelled what did not succeed; None where the
            attempt is no longer ours.
        """
        run, attempt = claim.id, claim.attempt
        if verdict.outcome == "idle":
            counted = SQL.finish_idle
            state = await self._database.fetchval(counted, run, attempt, seconds)
        else:
            state = await self._database.fetchval(
                SQL.finish,
                run,
                attempt,
                verdict.state,
                verdict.outcome,
                verdict.result,
                verdict.error,
                verdict.note,
                verdict.again,
                seconds,
                *growth,
            )
        return None if state is None else str(state)

    async def ended_here(self, claim: Claim) -> bool:
        """Whether the end that this worker wanted to store is stored."""
        stored = await self._database.fetchval(
            SQL.ended_here, claim.id, claim.attempt, self._worker
        )
        return bool(stored)


class AttemptStore:
    """Lines and progress of one attempt: a `LineStore`."""

    def __init__(self, database: Database, run: RunId, attempt: int) -> None:
        self._database = database
        self._run = run
        self._attempt = attempt

    async def store_lines(self, lines: Sequence[StoredLine]) -> None:
        """Add lines; of an attempt that is no longer ours, none."""
        rows = [
            (self._run, self._attempt, x.line, x.at, x.level, x.event, x.facts)
            for x in lines
        ]
        await self._database.executemany(SQL.store_line, rows)

    async def cut_lines(self, above: int, up_to: int) -> None:
        """Remove the lines whose number is above the one and up to the other."""
        await self._database.execute(SQL.cut_lines, self._run, above, up_to)

    async def store_progress(self, progress: str) -> None:
        """Replace the progress, JSON text."""
        await self._database.execute(
            SQL.store_progress, self._run, self._attempt, progress
        )
