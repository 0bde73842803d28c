"""Computing a piece of history again, because something about it is known now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from nxforge_consumption_monitor.models import UnknownEndpointError
from nxforge_consumption_monitor.store import (
    HeldEndpoint,
    Standing,
    bump_revision,
    channels_of,
    hold_endpoint,
    mend_readings,
    remember_channel,
    rewrite_events,
    rewrite_readings,
    rewrite_rollups,
    stored_rollups,
)
from nxforge_core.api import Connection

from ._differences import Difference, differences
from ._history import History
from ._locks import Locks
from ._result import Adjustment, Restatement
from ._start import BEGINNING, start_of

__all__ = ["compared", "restate"]


async def restate(
    connection: Connection,
    endpoint_id: str,
    since: datetime | None,
    *,
    channels: Collection[str] | None = None,
) -> Restatement:
    """Judge stored readings again, and compute again what follows from them.

    What is stored counts: readings, whoever brought them, the events that a person
    confirmed or dismissed, the meters, and the endpoint's fields as they are now.
    Hours, days and months from the touched ones on follow, and so does the state that
    the next poll goes on from. A poll that read the older state writes nothing and
    stays due. A locked month keeps its rows: the difference is booked as an
    adjustment of the first month after it that is not locked.

    Args:
        connection: In a transaction, which holds the endpoint's state until it ends.
            Rolled back, it was a preview.
        endpoint_id: Of the endpoint.
        since: Of what is new, the earliest instant, aware; None: all that is stored.
        channels: Those that are touched, new ones among them; None: all that are
            known.

    Raises:
        UnknownEndpointError: there is no such endpoint.
    """
    endpoint = await hold_endpoint(connection, endpoint_id)
    if endpoint is None:
        raise UnknownEndpointError(endpoint_id)
    locks = await Locks.of(connection, endpoint)
    result = Restatement(endpoint_id=endpoint.id)
    for channel in channels or await channels_of(connection, endpoint.id):
        start = await start_of(connection, endpoint, channel, since)
        again = await History.open(connection, endpoint, channel, start)
        result += await _rewritten(connection, endpoint, again, locks)
    await bump_revision(connection, endpoint.id)
    return result


async def compared(
    connection: Connection,
    endpoint: HeldEndpoint,
    again: History,
    locks: Locks,
) -> list[Difference]:
    """Compare what is stored with what a history that was gone through says."""
    rows = await stored_rollups(
        connection, endpoint.id, again.channel, again.start.floor
    )
    return differences(
        {(row.grain, row.start_ts): row for row in rows},
        again.rollups(),
        first=again.first if again.start.floor == BEGINNING else None,
        locked=locks.covers,
    )


async def _rewritten(
    connection: Connection,
    endpoint: HeldEndpoint,
    again: History,
    locks: Locks,
) -> Restatement:
    readings = 0
    async for judgements, mends in again.parts(connection):
        await rewrite_readings(connection, endpoint.id, again.channel, judgements)
        await mend_readings(connection, mends)
        readings += len(judgements)
    if again.first is None:
        return Restatement(endpoint_id=endpoint.id)
    # Before the state is another one: what is open is stored in there.
    found = await compared(connection, endpoint, again, locks)
    await _remember(connection, endpoint, again, sealed=any(map(_is_sealed, found)))
    await _write(connection, [each for each in found if not each.locked])
    return _result(endpoint, readings, found, await locks.book(connection, found))


def _is_sealed(difference: Difference) -> bool:
    """Whether a locked row stays though its time is open again."""
    computed = difference.computed
    return difference.locked and computed is not None and not computed.closed


async def _write(connection: Connection, found: Iterable[Difference]) -> None:
    closed = [each.computed for each in found if each.computed and each.computed.closed]
    gone = [each.row for each in found if not each.computed or not each.computed.closed]
    await rewrite_rollups(connection, closed, gone)


async def _remember(
    connection: Connection, endpoint: HeldEndpoint, again: History, *, sealed: bool
) -> None:
    replay = again.replay
    after = again.start.judged_after or BEGINNING
    await rewrite_events(connection, endpoint.id, again.channel, after, replay.found)
    standing = Standing(
        endpoint_id=endpoint.id,
        channel=again.channel,
        ts=replay.last_good,
        sealed=sealed,
        **replay.course.states(),
    )
    await remember_channel(connection, standing)


def _result(
    endpoint: HeldEndpoint,
    readings: int,
    found: Iterable[Difference],
    adjustments: tuple[Adjustment, ...],
) -> Restatement:
    return Restatement(
        endpoint_id=endpoint.id,
        readings=readings,
        rollups=sum(not each.locked for each in found),
        changes=tuple(
            each.change
            for each in found
            if each.row.grain != "hour" and each.before_kwh != each.after_kwh
        ),
        adjustments=adjustments,
    )
