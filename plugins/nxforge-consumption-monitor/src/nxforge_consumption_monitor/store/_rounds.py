"""What a collection round reads and its one write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import DueEndpoint, Mend, RoundRow
from nxforge_core.api import Connection

from ._statements import SQL

__all__ = [
    "delete_attempts_before",
    "delete_readings_before",
    "due_endpoints",
    "prepare_months",
    "store_round",
]

_ROW: Final = RoundRow.__struct_fields__
_MEND: Final = Mend.__struct_fields__


async def due_endpoints(
    connection: Connection,
    now: datetime,
    forced: Sequence[str] | None = None,
    forced_slot: datetime | None = None,
) -> list[DueEndpoint]:
    """The endpoints to poll now; of `forced` ones each, due or not."""
    return await connection.structs(
        DueEndpoint, SQL.due_endpoints, now, forced, forced_slot or now
    )


async def store_round(
    connection: Connection, rows: Sequence[RoundRow], mends: Sequence[Mend] = ()
) -> set[str]:
    """Write a whole round at once.

    Returns:
        Ids of the endpoints whose row was written. Missing are those whose slot was
        stored, or whose channel was changed, since the round read them.
    """
    # One order for all: two rounds at a time never wait for each other in a ring.
    ordered = sorted(rows, key=attrgetter("endpoint_id", "channel"))
    claimed = await connection.fetch(
        SQL.store_round, *_arrays(ordered, _ROW), *_arrays(mends, _MEND)
    )
    return {row["endpoint_id"] for row in claimed}


def _arrays(
    items: Sequence[msgspec.Struct], fields: tuple[str, ...]
) -> list[list[object]]:
    return [[getattr(item, field) for item in items] for field in fields]


async def delete_readings_before(connection: Connection, instant: datetime) -> int:
    """Delete old readings; answers how many."""
    return int(await connection.fetchval(SQL.delete_readings_before, instant))


async def delete_attempts_before(connection: Connection, instant: datetime) -> int:
    """Delete old attempts; answers how many."""
    return int(await connection.fetchval(SQL.delete_attempts_before, instant))


async def prepare_months(connection: Connection, now: datetime) -> int:
    """Make the partitions of the coming months; answers how many were missing."""
    return int(await connection.fetchval(SQL.prepare_months, now))
