"""A collection round: what is due, all of it polled, one write."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import urlsplit

from nxforge_consumption_monitor.models import DueEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import due_endpoints, store_round
from nxforge_core.api import JobContext, Outcome

from ._judge import judge
from ._params import CollectParams
from ._poll import Poll, poll
from ._result import outcome_of

__all__ = ["collect"]

_Context = JobContext[MonitorSettings]


async def collect(ctx: _Context, params: CollectParams) -> Outcome:
    """Poll the endpoints that are due, or those named, and store the round.

    The write is fenced: a worker that lost its run meanwhile stores nothing.

    Raises:
        NxForgeError: the database cannot be reached, or the run was given away.
    """
    now = ctx.clock.now()
    due = await due_endpoints(ctx.db, now, params.endpoint_ids, ctx.run.slot)
    if not due:
        return Outcome.idle()
    polls = await _poll_all(ctx, due, params.concurrency or ctx.settings.concurrency)
    judged = [judge(each, poll) for each, poll in zip(due, polls, strict=True)]
    rows = [row for row, _ in judged]
    mends = [mend for _, each in judged for mend in each]
    async with ctx.transaction() as connection:
        stored = await store_round(connection, rows, mends)
    outcome = outcome_of(rows, [each.name for each in due], stored)
    ctx.log.info("round stored", kind=outcome.kind, polled=len(due), stored=len(stored))
    return outcome


async def _poll_all(
    ctx: _Context, due: Sequence[DueEndpoint], concurrency: int
) -> list[Poll]:
    places = asyncio.Semaphore(concurrency)
    # Small devices serve one request at a time; waiting for one takes up no place.
    hosts: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def in_turn(endpoint: DueEndpoint) -> Poll:
        async with hosts[urlsplit(endpoint.url).netloc], places:
            return await poll(endpoint, ctx)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(in_turn(each)) for each in due]
    return [task.result() for task in tasks]
