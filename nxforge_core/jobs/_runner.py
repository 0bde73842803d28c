"""One delivered attempt, from its claim to its end."""

from __future__ import annotations

import asyncio
from typing import Any, Final, TypeAlias

from nxforge_core.api import Clock, Database, JobSpec, Log, RunId

from ._book import JobBook
from ._handler import call_handler, end_early, job_context
from ._ledger import AttemptStore, Claim, Ledger
from ._lines import RunLines
from ._link import Link
from ._params import read_params
from ._settle import Settler
from ._verdict import (
    Verdict,
    verdict_of,
    verdict_of_error,
    verdict_of_time,
)

__all__ = ["Runner"]

#: Seconds between batches of log lines.
_BATCH: Final = 0.5
_Halt: TypeAlias = asyncio.Future[None]


class Runner:
    """Takes the attempts that this process's worker is delivered.

    Attributes:
        held: The attempts in hand, as run and attempt.
        abandoned: Handlers that ignored their cancellation.

    Args:
        cleanup: Seconds a cancelled handler gets to clean up.
    """

    def __init__(  # noqa: PLR0913 - the engine wires it once
        self,
        link: Link,
        database: Database,
        book: JobBook,
        clock: Clock,
        log: Log,
        *,
        worker: str,
        cleanup: float,
    ) -> None:
        self._database = database
        self._ledger = Ledger(database, worker)
        self._settler = Settler(link, self._ledger, clock, log)
        self._book = book
        self._clock = clock
        self._log = log
        self._cleanup = cleanup
        self.held: set[tuple[RunId, int]] = set()
        self.abandoned: set[asyncio.Task[object]] = set()

    async def deliver(self, run: RunId, attempt: int) -> None:
        """Work for an attempt; when cancelled, give it back and return normally.

        The cancellation never reaches a statement: it ends the handler, and what is
        then stored is stored in peace.
        """
        loop = asyncio.get_running_loop()
        halt: _Halt = loop.create_future()
        # Not a TaskGroup: that would cancel the work together with this task.
        work = loop.create_task(self._work(run, attempt, halt))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            if not halt.done():
                halt.set_result(None)
            await work

    async def _work(self, run: RunId, attempt: int, halt: _Halt) -> None:
        self.held.add((run, attempt))
        try:
            claim = await self._ledger.claim(run, attempt)
            if claim is None:
                return
            job = self._book.job(claim.plugin, claim.job)
            if job is None:
                await self._settler.pass_on(claim)
            else:
                await self._run(claim, job.spec, halt)
        finally:
            self.held.discard((run, attempt))

    async def _run(self, claim: Claim, spec: JobSpec, halt: _Halt) -> None:
        began = self._clock.monotonic()
        store = AttemptStore(self._database, claim.id, claim.attempt)
        lines = RunLines(store, claim.lines)
        async with asyncio.TaskGroup() as group:
            flow = group.create_task(self._flow(lines, claim.id))
            verdict = await self._handle(claim, spec, lines, halt)
            flow.cancel()
        if verdict is None or verdict.outcome != "idle":
            await self._flush(lines, claim.id)
        await self._settler.settle(
            claim, spec, verdict, self._clock.monotonic() - began
        )

    async def _handle(
        self, claim: Claim, spec: JobSpec, lines: RunLines, halt: _Halt
    ) -> Verdict | None:
        """Answer the verdict, or None where the attempt was halted before its end."""
        try:
            context = job_context(self._book.context(claim.plugin), claim, lines)
            params = read_params(spec, claim.params)
        except Exception as error:  # noqa: BLE001 - a fault of the job, not ours
            return verdict_of_error(error)
        work = call_handler(spec, context, params, lines)
        # Not a TaskGroup: it would wait for a handler that ignores its cancellation.
        handler = asyncio.get_running_loop().create_task(work)
        either: set[asyncio.Future[Any]] = {handler, halt}
        await asyncio.wait(
            either, timeout=spec.timeout, return_when=asyncio.FIRST_COMPLETED
        )
        if handler.done():
            return _judge(handler)
        ended = await end_early(handler, self._cleanup)
        if not ended:
            self._abandon(handler, claim)
        if not halt.done():
            return verdict_of_time(spec, abandoned=not ended)
        finished = ended and not handler.cancelled() and not handler.exception()
        return _judge(handler) if finished else None

    def _abandon(self, handler: asyncio.Task[object], claim: Claim) -> None:
        self.abandoned.add(handler)
        handler.add_done_callback(self._forget)
        self._log.error(
            "handler_ignores_cancellation",
            plugin=claim.plugin,
            job=claim.job,
            run=claim.id,
        )

    def _forget(self, handler: asyncio.Task[object]) -> None:
        self.abandoned.discard(handler)
        if not handler.cancelled():
            handler.exception()  # taken note of: nobody waits for it any more

    async def _flow(self, lines: RunLines, run: RunId) -> None:
        while True:
            await asyncio.sleep(_BATCH)
            await self._flush(lines, run)

    async def _flush(self, lines: RunLines, run: RunId) -> None:
        try:
            await lines.flush()
        except Exception as error:  # noqa: BLE001 - a log never fails its run
            self._log.warning("run_log_not_stored", run=run, error=repr(error))


def _judge(handler: asyncio.Task[object]) -> Verdict:
    if handler.cancelled():
        return verdict_of_error(asyncio.CancelledError("the handler cancelled itself"))
    error = handler.exception()
    return verdict_of_error(error) if error else verdict_of(handler.result())
