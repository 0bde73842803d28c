"""Hours, days and months thrown away and computed again from the readings."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.restate import restate
from nxforge_core.api import Connection, Database, Record

__all__ = ["recomputed"]

_ROWS: Final = """
select
    channel, grain, start_ts, end_ts, energy_kwh, estimated_kwh, start_register,
    end_register, start_quality, end_quality, avg_kw, peak_kw_15m, peak_at,
    peak_kw_sample, min_kw, readings, expected, coverage, events, closed
from rollup where endpoint_id = $1 order by channel, grain, start_ts
"""
_FORGET: Final = "delete from closed_rollup where endpoint_id = $1"


async def recomputed(database: Database, endpoint_id: str) -> list[str]:
    """Rows of an endpoint that are not the same the second time, a line for each."""
    before = await database.fetch(_ROWS, endpoint_id)
    async with database.transaction() as connection:
        await connection.execute(_FORGET, endpoint_id)
        await restate(connection, endpoint_id, None)
        after = await _rows(connection, endpoint_id)
    return [
        f"recomputed {one['grain']} of {one['start_ts']} differs"
        for one in set(before) ^ set(after)
    ]


async def _rows(connection: Connection, endpoint_id: str) -> list[Record]:
    return list(await connection.fetch(_ROWS, endpoint_id))
