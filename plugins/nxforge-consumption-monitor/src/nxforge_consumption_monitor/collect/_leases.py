"""What a round polls, and which of it one shard gets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from nxforge_consumption_monitor.models import DueEndpoint, LeasedEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    due_endpoints,
    hold_leases,
    lease_due,
    renew_leases,
)
from nxforge_core.api import JobContext, UnavailableError

from ._params import RUN_SECONDS, TICK_SECONDS, CollectParams

__all__ = [
    "FEW",
    "LEASE_SECONDS",
    "SHARD_SIZE",
    "keep",
    "leased_for",
    "parts",
    "to_poll",
]

_Context = JobContext[MonitorSettings]

#: Endpoints in one shard, and of one host in one round.
SHARD_SIZE: Final = 250
#: So many due endpoints are polled by the round itself; more are divided into shards.
FEW: Final = 50
#: Seconds that a lease lasts, which a run at work renews again and again: where its
#: worker dies, others poll soon.
LEASE_SECONDS: Final = 30.0
_LEASE: Final = timedelta(seconds=LEASE_SECONDS)
_TICK: Final = timedelta(seconds=TICK_SECONDS)
#: The lease of a shard that waits for a worker: nobody renews it meanwhile.
_QUEUED: Final = timedelta(seconds=RUN_SECONDS)


async def leased_for(ctx: _Context) -> list[LeasedEndpoint]:
    """Lease what is due for this run, and for no other one."""
    now, slot = ctx.clock.now(), ctx.run.slot
    async with ctx.transaction() as connection:
        await hold_leases(connection)
        until = now + _LEASE
        leased = await lease_due(
            connection,
            slot,
            now=now,
            due_by=_due_by(slot, now),
            until=until,
            most_of_host=SHARD_SIZE,
        )
        if len(leased) > FEW:
            ids = [endpoint.id for endpoint in leased]
            await renew_leases(connection, ids, slot, until=now + _QUEUED)
        return leased


def _due_by(slot: datetime, now: datetime) -> datetime:
    # A round that begins late in its tick polls for the instants of that tick, so that
    # those of the next one are left to the next. What is a tick late or more is given
    # up: rounds that waited would ask the same device again and again.
    return min(now, max(slot, now - _TICK))


def parts(
    leased: Iterable[LeasedEndpoint], size: int = SHARD_SIZE
) -> list[tuple[str, ...]]:
    """Divide endpoints into parts; those of one host are in one part.

    Args:
        leased: Not more than `size` of one host.
        size: Endpoints in a part at the most.
    """
    hosts: dict[str, list[str]] = {}
    for endpoint in leased:
        hosts.setdefault(endpoint.host, []).append(endpoint.id)
    divided: list[list[str]] = []
    for ids in hosts.values():
        if not divided or len(divided[-1]) + len(ids) > size:
            divided.append([])
        divided[-1].extend(ids)
    return [tuple(part) for part in divided]


async def to_poll(
    ctx: _Context, params: CollectParams, ids: Sequence[str]
) -> list[DueEndpoint]:
    """Read what is to be polled: what is leased for the run's slot, or else all."""
    if params.lease != ctx.run.slot:
        return await due_endpoints(ctx.db, ids, slot=ctx.run.slot)
    async with ctx.transaction() as connection:
        until = ctx.clock.now() + _LEASE
        await renew_leases(connection, ids, params.lease, until=until)
        return await due_endpoints(connection, ids, lease=params.lease)


async def keep(
    ctx: _Context, ids: Sequence[str], lease: datetime, pause: float
) -> None:
    """Renew the leases that are still the run's, every so many seconds.

    Raises:
        NxForgeError: the run was given away: whoever has it now renews them.
    """
    while True:
        await asyncio.sleep(pause)
        try:
            async with ctx.transaction() as connection:
                until = ctx.clock.now() + _LEASE
                await renew_leases(connection, ids, lease, until=until)
        except UnavailableError as error:
            # What was polled is still to be written; a write says if it cannot be.
            ctx.log.warning("leases not renewed", why=str(error))
