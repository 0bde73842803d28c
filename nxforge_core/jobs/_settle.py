"""The end of an attempt: the run's end, or its next attempt."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nxforge_core.api import Clock, JobSpec, Log

from ._ledger import Claim, Ledger
from ._link import Link, query
from ._spread import spread
from ._sql import SQL
from ._verdict import Verdict, retry_delay

__all__ = ["Settler"]

#: Seconds a run waits for a worker that has its plugin.
_MOST_WAIT_FOR_PLUGIN: Final = 600.0


class Settler:
    """Stores how attempts ended, and queues the next ones with it."""

    def __init__(self, link: Link, ledger: Ledger, clock: Clock, log: Log) -> None:
        self._link = link
        self._ledger = ledger
        self._clock = clock
        self._log = log

    async def settle(
        self, claim: Claim, spec: JobSpec, verdict: Verdict | None, seconds: float
    ) -> None:
        """Store a verdict; None means that the attempt was halted before its end."""
        if verdict is None:
            await self._again(claim, seconds, note="given back: its worker stopped")
        elif verdict.again and claim.tries < spec.retry.attempts:
            delay = retry_delay(spec, claim.id, claim.tries)
            note = f"try {claim.tries + 1} {verdict.state}"
            await self._again(
                claim, seconds, note=note, delay=delay, error=verdict.error, tried=1
            )
        elif not await self._ledger.finish(claim, verdict, seconds):
            self._log.warning("late_worker", run=claim.id, attempt=claim.attempt)

    async def pass_on(self, claim: Claim) -> None:
        """Leave a run to a worker that has its plugin, for some time."""
        if claim.age > _MOST_WAIT_FOR_PLUGIN:
            nobody = Verdict(state="skipped", note="no worker has the plugin's job")
            await self._ledger.finish(claim, nobody, 0.0)
            return
        delay = 5 + 25 * spread("pass on", claim.id, claim.attempt)
        note = "waits for a worker that has the plugin's job"
        await self._again(claim, None, note=note, delay=delay)

    async def _again(
        self,
        claim: Claim,
        seconds: float | None,
        *,
        note: str,
        delay: float = 0.0,
        error: str | None = None,
        tried: int = 0,
    ) -> None:
        at = self._clock.now() + timedelta(seconds=delay) if delay else None
        async with self._link.transaction() as connection:
            rows = await query(
                connection,
                SQL.again,
                run=claim.id,
                attempt=claim.attempt,
                tried=tried,
                note=note,
                error=error,
                seconds=seconds,
            )
            if rows:
                attempt, lane = rows[0]
                await self._link.defer(connection, claim.id, attempt, at=at, lane=lane)
