"""A handler from its call to the verdict over it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from nxforge_core.api import JobContext, JobSpec
from nxforge_core.jobs._errors import HandlerExitError
from nxforge_core.services import capture_lines, job_name, run_id

from ._halt import Halt
from ._ledger import Claim
from ._lines import RunLines
from ._verdict import (
    Verdict,
    verdict_of,
    verdict_of_cancel,
    verdict_of_error,
    verdict_of_time,
)

__all__ = ["Handling"]

_Task: TypeAlias = asyncio.Task[object]


class Handling:
    """One call of a handler.

    Args:
        abandon: Takes a handler that ignored its cancellation.
    """

    def __init__(
        self, claim: Claim, spec: JobSpec, abandon: Callable[[_Task], None]
    ) -> None:
        self._claim = claim
        self._spec = spec
        self._abandon = abandon

    async def run(
        self,
        context: JobContext[Any],
        params: object,
        lines: RunLines,
        halt: Halt,
        cleanup: float,
    ) -> Verdict | None:
        """Call the handler within its time; None where it was halted by a stop.

        Once it is cancelled it gets the seconds of `cleanup` to end.
        """
        claim, spec = self._claim, self._spec
        work = _call(spec, context, params, lines)
        # Not a TaskGroup: it would wait for a handler that ignores its cancellation.
        # The name tells the watchdog whose code it is that blocks.
        name = f"nxforge job {claim.plugin}/{claim.job} run {claim.id}"
        handler = asyncio.get_running_loop().create_task(work, name=name)
        either: set[asyncio.Future[Any]] = {handler, halt.asked}
        await asyncio.wait(
            either, timeout=spec.timeout, return_when=asyncio.FIRST_COMPLETED
        )
        if handler.done():
            return self._judge(handler)
        halted = halt.asked.done()
        ended = await _end_early(handler, cleanup)
        if not ended:
            self._abandon(handler)
        if not halted:
            return verdict_of_time(spec, abandoned=not ended)
        return self._judge_halted(handler, halt)

    def _judge(self, handler: _Task) -> Verdict:
        if handler.cancelled():
            error = asyncio.CancelledError("the handler cancelled itself")
            return verdict_of_error(error)
        if error_raised := handler.exception():
            return verdict_of_error(error_raised)
        claim = self._claim
        return verdict_of(handler.result(), self._spec, claim.id, claim.shard)

    def _judge_halted(self, handler: _Task, halt: Halt) -> Verdict | None:
        """A handler that gave its result nevertheless keeps it."""
        done = handler.done() and not handler.cancelled()
        if done and handler.exception() is None:
            return self._judge(handler)
        if halt.cancelled:
            return verdict_of_cancel(abandoned=not handler.done())
        return None


async def _call(
    spec: JobSpec, context: JobContext[Any], params: object, lines: RunLines
) -> object:
    token = run_id.set(context.run.id)
    named = job_name.set((context.plugin.id, context.run.job))
    try:
        with capture_lines(lines.add):
            result: Awaitable[object] = spec.handler(context, params)
            return await result
    except SystemExit as error:
        # asyncio would let it out of the loop and end every other run with it.
        raise HandlerExitError(error.code) from error
    finally:
        job_name.reset(named)
        run_id.reset(token)


async def _end_early(handler: _Task, cleanup: float) -> bool:
    handler.cancel()
    done, _ = await asyncio.wait({handler}, timeout=cleanup)
    return bool(done)
