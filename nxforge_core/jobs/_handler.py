"""Calling a handler: its context, its deadline, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import fields
from typing import Any

from nxforge_core.api import JobContext, JobSpec, PluginContext, RunInfo
from nxforge_core.services import capture_lines, run_id

from ._errors import HandlerExitError
from ._fence import fenced
from ._ledger import Claim
from ._lines import RunLines

__all__ = ["call_handler", "end_early", "job_context"]


def job_context(
    plugin: PluginContext[Any], claim: Claim, lines: RunLines
) -> JobContext[Any]:
    """Make a plugin's context that of one attempt."""
    given = {field.name: getattr(plugin, field.name) for field in fields(PluginContext)}
    run = RunInfo(id=claim.id, job=claim.job, slot=claim.slot, attempt=claim.attempt)
    return JobContext(
        **given,
        run=run,
        transaction=fenced(plugin.db, claim.id, claim.attempt),
        progress=lines.report,
    )


async def call_handler(
    spec: JobSpec, context: JobContext[Any], params: object, lines: RunLines
) -> object:
    """Run a handler in the task that this is awaited in.

    Raises:
        HandlerExitError: the handler wanted to end the process.
    """
    token = run_id.set(context.run.id)
    try:
        with capture_lines(lines.add):
            result: Awaitable[object] = spec.handler(context, params)
            return await result
    except SystemExit as error:
        # asyncio would let it out of the loop and end every other run with it.
        raise HandlerExitError(error.code) from error
    finally:
        run_id.reset(token)


async def end_early(handler: asyncio.Task[object], cleanup: float) -> bool:
    """Cancel a handler; false where it still runs after its time to clean up."""
    handler.cancel()
    done, _ = await asyncio.wait({handler}, timeout=cleanup)
    return bool(done)
