"""State of runs on the core's pool: each change names the attempt it belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from nxforge_core.api import Database, JobName, PluginId, RunId, UnavailableError

from ._lines import StoredLine
from ._sql import SQL
from ._verdict import Verdict

__all__ = ["AttemptStore", "Claim", "Ledger"]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that is ours now.

    Attributes:
        tries: Attempts that failed before.
        params: JSON text, None for the defaults.
        age: Seconds since the run was first queued.
        lines: Number of the last line that earlier attempts logged.
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


class Ledger:
    """The run table, as a worker writes it.

    Args:
        worker: Its name, for the record.
        patience: Seconds before each further try to store an end while the database
            is away.
    """

    def __init__(
        self,
        database: Database,
        worker: str,
        patience: Sequence[float] = (0.2, 1.0, 3.0, 5.0),
    ) -> None:
        self._database = database
        self._patience = patience
        self._worker = worker

    async def claim(self, run: RunId, attempt: int) -> Claim | None:
        """Take a queued attempt; None where the delivery is stale."""
        found = await self._database.structs(
            Claim, SQL.claim, run, attempt, self._worker
        )
        return found[0] if found else None

    async def finish(self, claim: Claim, verdict: Verdict, seconds: float) -> bool:
        """Store how an attempt ended; false where it is no longer ours.

        Raises:
            UnavailableError: the database stayed away.
        """
        for pause in self._patience:
            try:
                return await self._finish_once(claim, verdict, seconds)
            except UnavailableError:
                await asyncio.sleep(pause)
        return await self._finish_once(claim, verdict, seconds)

    async def _finish_once(
        self, claim: Claim, verdict: Verdict, seconds: float
    ) -> bool:
        run, attempt = claim.id, claim.attempt
        if verdict.outcome == "idle":
            counted = SQL.finish_idle
            done = await self._database.fetchval(counted, run, attempt, seconds)
        else:
            done = await self._database.fetchval(
                SQL.finish,
                run,
                attempt,
                verdict.state,
                verdict.outcome,
                verdict.result,
                verdict.error,
                verdict.note,
                seconds,
            )
        return done is not None


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
