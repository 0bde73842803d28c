"""The end of an attempt: the run's end, its next attempt, or its shards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final, Literal, TypeAlias

import msgspec

from nxforge_core.api import Clock, JobSpec, Log, RunId, UnavailableError
from nxforge_core.jobs._meters import JobMeters
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.delivery import Link, query
from nxforge_core.jobs.firing import insert_shards
from nxforge_core.jobs.triggers import spread
from nxforge_core.jobs.upkeep import MOST_WAIT

from ._ledger import Claim, Ledger
from ._usage import Growth
from ._verdict import Verdict, retry_delay

__all__ = ["Settler"]

#: Seconds between two looks whether the run before it in its lane has ended.
_LANE_PAUSE: Final = 1.0
_LONGEST_LANE_PAUSE: Final = 15.0

#: Answers the state of the run, or None where the attempt is no longer ours.
_Store: TypeAlias = Callable[[], Awaitable[str | None]]


class _Onward(msgspec.Struct, frozen=True, kw_only=True):
    """How a run goes on after an attempt.

    Attributes:
        ended: What became of the attempt; None leaves it out of the run's chain.
        delay: Seconds before the next one.
    """

    note: str
    ended: Literal["failed", "timed_out", "given_back", "passed_on"] | None = None
    delay: float = 0.0
    error: str | None = None
    tried: int = 0


class Settler:
    """Stores how attempts ended, and queues what comes next with it.

    Args:
        patience: Seconds before each further try to store an end while the database
            is away.
    """

    def __init__(
        self,
        link: Link,
        ledger: Ledger,
        clock: Clock,
        log: Log,
        meters: JobMeters | None = None,
        *,
        patience: Sequence[float] = (0.2, 1.0, 3.0, 5.0),
    ) -> None:
        self._link = link
        self._ledger = ledger
        self._clock = clock
        self._log = log
        self._meters = meters
        self._patience = patience
        self._hurried = asyncio.Event()

    def hurry(self) -> None:
        """Wait no longer for a database that is away: this process wants to stop."""
        self._hurried.set()

    async def settle(
        self,
        claim: Claim,
        spec: JobSpec,
        verdict: Verdict | None,
        seconds: float,
        growth: Growth,
    ) -> None:
        """Store a verdict; None means that the attempt was halted before its end.

        Raises:
            UnavailableError: the database stayed away.
        """
        onward = _onward(claim, spec, verdict)
        if onward is not None:
            store: _Store = partial(self._again, claim, onward, seconds)
        elif verdict is not None and verdict.shards:
            store = partial(self._fan_out, claim, verdict.shards, seconds, growth)
        else:
            assert verdict is not None  # noqa: S101 - it goes on else, for mypy
            store = partial(self._ledger.finish, claim, verdict, seconds, growth)
        await self._store(claim, store, seconds)

    async def pass_on(self, claim: Claim) -> None:
        """Leave a run to a worker that has its plugin, for some time."""
        if claim.age > MOST_WAIT:
            nobody = Verdict(state="skipped", note="no worker has the plugin's job")
            store: _Store = partial(self._ledger.finish, claim, nobody, 0.0, Growth())
        else:
            onward = _Onward(
                ended="passed_on",
                delay=5 + 25 * spread("pass on", claim.id, claim.attempt),
                note="waits for a worker that has the plugin's job",
            )
            store = partial(self._again, claim, onward, None)
        await self._store(claim, store, None)

    async def line_up(self, claim: Claim, behind: RunId) -> None:
        """Let a run wait until the one before it in its lane has ended."""
        pause = min(_LANE_PAUSE + claim.age / 10, _LONGEST_LANE_PAUSE)
        onward = _Onward(note=f"waits for run {behind} to end", delay=pause)
        await self._store(claim, partial(self._again, claim, onward, None), None)

    async def _store(self, claim: Claim, store: _Store, seconds: float | None) -> None:
        missed = False
        for pause in self._patience:
            try:
                state = await store()
                break
            except UnavailableError as error:
                if self._hurried.is_set():
                    raise
                if not missed:
                    self._log.warning(
                        "outcome_not_stored",
                        run=claim.id,
                        attempt=claim.attempt,
                        why=str(error),
                    )
                missed = True
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._hurried.wait()
        else:
            state = await store()
        if state is None:
            await self._explain(claim, missed=missed)
        elif self._meters is not None and state not in ("queued", "waiting"):
            self._meters.ended(claim.plugin, claim.job, state, seconds)

    async def _explain(self, claim: Claim, *, missed: bool) -> None:
        """Say why an end found no attempt to end."""
        facts = {"run": claim.id, "attempt": claim.attempt}
        # The answer to an earlier try may have been lost, and not the try itself.
        if missed and await self._ledger.ended_here(claim):
            self._log.info(
                "outcome_resolved", **facts, outcome="the database had stored it"
            )
        else:
            self._log.warning("late_worker", **facts)

    async def _again(
        self, claim: Claim, onward: _Onward, seconds: float | None
    ) -> str | None:
        delay = timedelta(seconds=onward.delay)
        at = self._clock.now() + delay if onward.delay else None
        async with self._link.transaction() as connection:
            rows = await query(
                connection,
                SQL.again,
                run=claim.id,
                attempt=claim.attempt,
                tried=onward.tried,
                ended=onward.ended,
                note=onward.note,
                error=onward.error,
                seconds=seconds,
            )
            if not rows:
                return None
            state, attempt, lane = rows[0]
            if state == "queued":
                await self._link.defer(
                    connection, claim.plugin, claim.id, attempt, at=at, lane=lane
                )
        return str(state)

    async def _fan_out(
        self, claim: Claim, shards: Sequence[str], seconds: float, growth: Growth
    ) -> str | None:
        async with self._link.transaction() as connection:
            rows = await query(
                connection,
                SQL.fan_out,
                run=claim.id,
                attempt=claim.attempt,
                shards=len(shards),
                seconds=seconds,
                **growth._asdict(),
            )
            if rows and rows[0][0] == "waiting":
                await insert_shards(
                    self._link, connection, claim.plugin, claim.id, shards
                )
        return str(rows[0][0]) if rows else None


def _onward(claim: Claim, spec: JobSpec, verdict: Verdict | None) -> _Onward | None:
    if verdict is None:
        return _Onward(ended="given_back", note="given back: its worker stopped")
    if not verdict.retry or claim.tries >= spec.retry.attempts:
        return None
    return _Onward(
        ended="timed_out" if verdict.state == "timed_out" else "failed",
        delay=retry_delay(spec, claim.id, claim.tries),
        note=f"try {claim.tries + 1} {verdict.state}",
        error=verdict.error,
        tried=1,
    )
