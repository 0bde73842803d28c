"""A collection round: what is due, all of it polled, one write."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Final
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

#: Seconds within which a round starts polls. Whoever did not get a turn stays due, and
#: is first in the next round; what was polled is stored before the run's time-out.
_STARTS: Final = 60.0


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
    polled = await _poll_all(ctx, due, params.concurrency or ctx.settings.concurrency)
    judged = [judge(endpoint, answer) for endpoint, answer in polled]
    rows = [row for row, _ in judged]
    mends = [mend for _, each in judged for mend in each]
    async with ctx.transaction() as connection:
        stored = await store_round(connection, rows, mends)
    outcome = outcome_of(rows, [endpoint.name for endpoint, _ in polled], stored)
    ctx.log.info(
        "round stored",
        kind=outcome.kind,
        due=len(due),
        polled=len(polled),
        stored=len(stored),
    )
    return outcome


async def _poll_all(
    ctx: _Context, due: Sequence[DueEndpoint], concurrency: int
) -> list[tuple[DueEndpoint, Poll]]:
    last_start = ctx.clock.monotonic() + _STARTS
    places = asyncio.Semaphore(concurrency)
    # Small devices serve one request at a time; waiting for one takes up no place.
    hosts: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def in_turn(endpoint: DueEndpoint) -> Poll | None:
        async with hosts[urlsplit(endpoint.url).netloc], places:
            if ctx.clock.monotonic() > last_start:
                return None
            return await poll(endpoint, ctx)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(in_turn(each)) for each in due]
    polls = [task.result() for task in tasks]
    return [
        (endpoint, answer)
        for endpoint, answer in zip(due, polls, strict=True)
        if answer is not None
    ]
