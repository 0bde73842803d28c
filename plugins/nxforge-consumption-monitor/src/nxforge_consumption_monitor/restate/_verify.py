"""Whether the stored hours, days and months are what the readings say."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from nxforge_consumption_monitor.store import (
    HeldEndpoint,
    channels_of,
    hold_endpoint,
    uneven_months,
)
from nxforge_core.api import Connection

from ._history import History
from ._locks import Locks
from ._restate import compared
from ._result import RollupChange
from ._start import whole_since

__all__ = ["Verification", "verify"]


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison found.

    Attributes:
        compared: How many rows the readings gave.
        differences: Those of them, and of the stored ones, that are not the same.
    """

    compared: int = 0
    differences: tuple[RollupChange, ...] = ()


async def verify(
    connection: Connection, endpoint_id: str, since: datetime, until: datetime
) -> Verification:
    """Compute rows from stored readings and compare them with those stored.

    Nothing is judged and nothing is written. The days from that of `since` on are
    compared, with their hours. A month is compared with them if it begins in that time,
    and always with the sum of its days.

    Args:
        connection: In a transaction: no poll writes the endpoint until it ends.
        endpoint_id: Of the endpoint; one that is gone has nothing to compare.
        since: An instant of the first day.
        until: Now: no reading is later.
    """
    endpoint = await hold_endpoint(connection, endpoint_id)
    if endpoint is None:
        return Verification()
    locks = await Locks.of(connection, endpoint)
    found = [
        await _of_channel(connection, endpoint, channel, (since, until), locks)
        for channel in await channels_of(connection, endpoint.id)
    ]
    return Verification(
        compared=sum(each.compared for each in found),
        differences=(
            *(one for each in found for one in each.differences),
            *await _uneven(connection, endpoint, since, locks),
        ),
    )


async def _of_channel(
    connection: Connection,
    endpoint: HeldEndpoint,
    channel: str,
    days: tuple[datetime, datetime],
    locks: Locks,
) -> Verification:
    since, until = days
    start = await whole_since(connection, endpoint, channel, since, grain="day")
    kept = replace(start, judged_after=max(until, since))
    again = await History.open(connection, endpoint, channel, kept)
    async for _ in again.parts(connection):
        pass
    if again.first is None:
        return Verification()
    found = await compared(connection, endpoint, again, locks)
    # What is locked is what was invoiced, right or not.
    wrong = tuple(each.change for each in found if not each.locked)
    return Verification(compared=len(again.rollups()), differences=wrong)


async def _uneven(
    connection: Connection, endpoint: HeldEndpoint, since: datetime, locks: Locks
) -> list[RollupChange]:
    months = await uneven_months(connection, endpoint.id, since)
    return [
        RollupChange(**msgspec.structs.asdict(month))
        for month in months
        if not locks.hold(month.start)
    ]
