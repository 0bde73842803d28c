"""A collection round: what is due is leased, and polled here or in shards."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_consumption_monitor.fetch import Pages
from nxforge_consumption_monitor.models import DueEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import give_back
from nxforge_core.api import FanOut, JobContext, Outcome

from ._leases import FEW, LEASE_SECONDS, keep, leased_for, parts, to_poll
from ._params import CollectParams
from ._turns import Room, Turns
from ._writer import Writer

__all__ = ["Collector"]

_Context = JobContext[MonitorSettings]

#: Seconds between two renewals of a run's leases: one may fail, the next is in time.
_RENEWAL: Final = LEASE_SECONDS / 3


class Collector:
    """Collection of one process: its runs share the room for polls.

    Args:
        pages: Fetches. Shared with whoever else asks the same devices, because many
            devices know one login at a time.
        renewal: Seconds between two renewals of a run's leases.
    """

    def __init__(self, pages: Pages, renewal: float = _RENEWAL) -> None:
        self._pages = pages
        self._renewal = renewal
        self._room: Room | None = None

    async def collect(self, ctx: _Context, params: CollectParams) -> Outcome | FanOut:
        """Poll the endpoints that are due, or those named, and store the readings.

        Raises:
            NxForgeError: the database cannot be reached, or the run was given away.
        """
        if params.endpoint_ids is not None:
            return await self._poll(ctx, params, params.endpoint_ids)
        leased = await leased_for(ctx)
        own = msgspec.structs.replace(params, lease=ctx.run.slot)
        if len(leased) <= FEW:
            return await self._poll(ctx, own, [endpoint.id for endpoint in leased])
        ctx.log.info("round divided", due=len(leased))
        return FanOut(
            tuple(
                msgspec.structs.replace(own, endpoint_ids=part)
                for part in parts(leased)
            )
        )

    async def _poll(
        self, ctx: _Context, params: CollectParams, ids: Sequence[str]
    ) -> Outcome:
        due = await to_poll(ctx, params, ids) if ids else []
        if not due:
            return Outcome.idle()
        lease = params.lease if params.lease == ctx.run.slot else None
        writer = Writer(ctx, lease)
        rest = await self._poll_all(ctx, due, params.concurrency, writer)
        if rest and lease:
            async with ctx.transaction() as connection:
                await give_back(connection, rest, lease)
        outcome = writer.tally.outcome()
        ctx.log.info(
            "round stored",
            kind=outcome.kind,
            due=len(due),
            polled=writer.tally.total,
            stored=writer.tally.total - writer.tally.duplicate,
        )
        return outcome

    async def _poll_all(
        self,
        ctx: _Context,
        due: Sequence[DueEndpoint],
        concurrency: int | None,
        writer: Writer,
    ) -> list[str]:
        if self._room is None:
            self._room = Room(ctx.settings.concurrency, self._pages)
        self._room.fit(ctx.settings.concurrency)
        turns = Turns(ctx, due, self._room)
        try:
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(writer.run())
                if writer.lease is not None:
                    ids = [endpoint.id for endpoint in due]
                    work = keep(ctx, ids, writer.lease, self._renewal)
                    keeping = group.create_task(work)
                    writing.add_done_callback(lambda _: keeping.cancel())
                rest = await turns.take(
                    concurrency or ctx.settings.concurrency, writer.add
                )
                writer.close()
        except ExceptionGroup as failed:
            # No error leaves a poll; what failed is the write, and it says why.
            raise failed.exceptions[0] from None
        return rest
