"""One delivered attempt, from its claim to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from nxforge_core.api import Clock, Database, Events, JobSpec, Log, RunId
from nxforge_core.jobs._meters import JobMeters
from nxforge_core.jobs.catalog import JobBook, read_params
from nxforge_core.jobs.delivery import Link

from ._halt import Halt
from ._handler import Handling
from ._leash import Leash
from ._leashed import job_context
from ._ledger import AttemptStore, Claim, Ledger
from ._lines import RunLines
from ._opening import Opening
from ._settle import Settler
from ._usage import UsageProbe
from ._verdict import Verdict, verdict_of_error

__all__ = ["Runner"]

#: Seconds between batches of log lines.
_BATCH: Final = 0.5


class Runner:
    """Takes the attempts that this process's workers are delivered.

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
        meters: JobMeters | None = None,
        events: Events | None = None,
    ) -> None:
        self._database = database
        self._ledger = Ledger(database, worker)
        self._settler = Settler(link, self._ledger, clock, log, meters)
        self._book = book
        self._clock = clock
        self._log = log
        self._cleanup = cleanup
        self._meters = meters
        self._events = events
        self.held: set[tuple[RunId, int]] = set()
        self.abandoned: set[asyncio.Task[object]] = set()

    def hurry(self) -> None:
        """Wait no longer for a database that is away: this process wants to stop."""
        self._settler.hurry()

    async def deliver(
        self, run: RunId, attempt: int, wished: Callable[[], bool]
    ) -> None:
        """Work for an attempt; return normally, whatever becomes of it.

        A cancellation never reaches a statement: it ends the handler, and what is then
        stored is stored in peace. Only a worker that is told a second time to stop
        gets its way at once. `wished` tells a cancellation that somebody asked for
        from one by a worker that stops.
        """
        halt = Halt()
        # Not a TaskGroup: that would cancel the work together with this task.
        work = asyncio.get_running_loop().create_task(self._work(run, attempt, halt))
        while not work.done():
            try:
                await asyncio.wait({work})
            except asyncio.CancelledError:
                if halt.stopping:
                    work.cancel()
                halt.ask(cancelled=wished())
        work.result()

    async def _work(self, run: RunId, attempt: int, halt: Halt) -> None:
        self.held.add((run, attempt))
        try:
            claim = await self._ledger.claim(run, attempt)
            if claim is not None:
                await self._take(claim, halt)
        finally:
            self.held.discard((run, attempt))

    async def _take(self, claim: Claim, halt: Halt) -> None:
        if claim.disabled:
            if self._meters is not None:
                self._meters.skipped(claim.plugin, claim.job)
        elif claim.behind is not None:
            await self._settler.line_up(claim, claim.behind)
        elif (job := self._book.job(claim.plugin, claim.job)) is None:
            await self._settler.pass_on(claim)
        else:
            await self._run_counted(claim, job.spec, halt)

    async def _run_counted(self, claim: Claim, spec: JobSpec, halt: Halt) -> None:
        if self._meters is None:
            await self._run(claim, spec, halt)
            return
        self._meters.claimed(claim.plugin, claim.job, claim.late)
        try:
            await self._run(claim, spec, halt)
        finally:
            self._meters.released(claim.plugin)

    async def _run(self, claim: Claim, spec: JobSpec, halt: Halt) -> None:
        began, probe = self._clock.monotonic(), UsageProbe()
        store = AttemptStore(self._database, claim.id, claim.attempt)
        lines = RunLines(store, claim.lines)
        opening = Opening(claim, self._events)
        async with asyncio.TaskGroup() as group:
            flow = group.create_task(self._flow(lines, claim.id))
            telling = group.create_task(opening.tell_later())
            verdict = await self._handle(claim, spec, lines, halt)
            flow.cancel()
            if not opening.told:
                telling.cancel()
        if verdict is None or verdict.outcome != "idle":
            await opening.tell()
            await self._flush(lines, claim.id)
        seconds = self._clock.monotonic() - began
        await self._settler.settle(claim, spec, verdict, seconds, probe.growth())

    async def _handle(
        self, claim: Claim, spec: JobSpec, lines: RunLines, halt: Halt
    ) -> Verdict | None:
        """Answer the verdict, or None where the worker stopped before there is one."""
        leash = Leash(claim.id)
        try:
            context = job_context(self._book.context(claim.plugin), claim, lines, leash)
            params = read_params(spec, claim.params)
        except Exception as error:  # noqa: BLE001 - a fault of the job, not ours
            return verdict_of_error(error)
        handling = Handling(claim, spec, lambda task: self._abandon(task, claim))
        try:
            return await handling.run(context, params, lines, halt, self._cleanup)
        finally:
            # Before the end is stored: a transaction that is still open would hold
            # the run's row against that.
            await leash.end()

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
