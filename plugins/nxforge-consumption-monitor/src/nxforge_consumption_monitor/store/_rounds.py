"""What a collection round reads and its one write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nxforge_consumption_monitor.models import DueEndpoint, Verdict
from nxforge_core.api import Connection

from ._failures import keep_failure
from ._rewrites import mend_readings
from ._statements import SQL, as_json

__all__ = [
    "delete_attempts_before",
    "delete_hours_before",
    "delete_readings_before",
    "due_endpoints",
    "prepare_months",
    "store_round",
]


async def due_endpoints(
    connection: Connection,
    ids: Sequence[str],
    *,
    lease: datetime | None = None,
    slot: datetime | None = None,
) -> list[DueEndpoint]:
    """What polling these endpoints needs.

    Args:
        connection: Any.
        ids: Of endpoints.
        lease: Only those that the run of this slot holds a lease of, each for its own
            slot.
        slot: Where no lease is asked for: all of them, for this slot.
    """
    return await connection.structs(DueEndpoint, SQL.due_endpoints, ids, lease, slot)


async def store_round(connection: Connection, verdicts: Sequence[Verdict]) -> set[str]:
    """Write many polls at once.

    Args:
        connection: In a transaction, unless there is nothing to mend.
        verdicts: One for each poll.

    Returns:
        Ids of the endpoints whose poll was written. Missing are those whose slot was
        stored, or whose endpoint was changed or restated, since the round read them.
    """
    # One order for all: two rounds at a time never wait for each other in a ring.
    ordered = sorted(verdicts, key=lambda verdict: verdict.row.endpoint_id)
    claimed = await connection.fetch(
        SQL.store_round,
        as_json([verdict.row for verdict in ordered]),
        as_json([row for verdict in ordered for row in verdict.channels]),
        as_json([row for verdict in ordered for row in verdict.rollups]),
        as_json([row for verdict in ordered for row in verdict.events]),
    )
    stored = {row["endpoint_id"] for row in claimed}
    # Rare, and a statement of its own: joined to the write, it would read through the
    # whole history of every endpoint of the round.
    mends = [mend for verdict in ordered for mend in verdict.mends]
    if due := [mend for mend in mends if mend.endpoint_id in stored]:
        await mend_readings(connection, due)
    # Rare and large: only what a browser saw.
    for failure in (verdict.failure for verdict in ordered):
        if failure is not None and failure.endpoint_id in stored:
            await keep_failure(connection, failure)
    return stored


async def delete_readings_before(connection: Connection, instant: datetime) -> int:
    """Delete old readings; answers how many."""
    return int(await connection.fetchval(SQL.delete_readings_before, instant))


async def delete_attempts_before(connection: Connection, instant: datetime) -> int:
    """Delete old attempts; answers how many."""
    return int(await connection.fetchval(SQL.delete_attempts_before, instant))


async def delete_hours_before(connection: Connection, instant: datetime) -> int:
    """Delete old hours; answers how many."""
    return int(await connection.fetchval(SQL.delete_hours_before, instant))


async def prepare_months(connection: Connection, now: datetime) -> int:
    """Make the partitions of the coming months; answers how many were missing."""
    return int(await connection.fetchval(SQL.prepare_months, now))
