"""What a round polls, and which of it one shard gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from nxforge_consumption_monitor.models import DueEndpoint, LeasedEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    due_endpoints,
    hold_leases,
    lease_due,
    renew_leases,
)
from nxforge_core.api import JobContext

from ._params import RUN_SECONDS, CollectParams

__all__ = ["SHARD_SIZE", "leased_for", "parts", "to_poll"]

_Context = JobContext[MonitorSettings]

#: Endpoints in one shard, and of one host in one round.
SHARD_SIZE: Final = 250
_LEASE: Final = timedelta(seconds=RUN_SECONDS)
#: Of its lease a run needs the time to start polls, to end them, and to write.
_SPARE: Final = timedelta(seconds=50)


async def leased_for(ctx: _Context) -> list[LeasedEndpoint]:
    """Lease what is due for this run, and for no other one."""
    now = ctx.clock.now()
    async with ctx.transaction() as connection:
        await hold_leases(connection)
        return await lease_due(
            connection,
            ctx.run.slot,
            now=now,
            until=now + _LEASE,
            most_of_host=SHARD_SIZE,
        )


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
        await renew_leases(connection, ids, params.lease, until=until, spare=_SPARE)
        return await due_endpoints(connection, ids, lease=params.lease)
