"""Shards as rows and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from psycopg import AsyncConnection

from nxforge_core.api import PluginId, RunId
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.delivery import Link, Row, query

__all__ = ["insert_shards"]

#: Shards in one statement: 500 hold the loop for 20 ms and are no faster.
_BATCH: Final = 100


async def insert_shards(
    link: Link,
    connection: AsyncConnection[Row],
    plugin: PluginId,
    run: RunId,
    params: Sequence[str],
) -> None:
    """Give a waiting run its shards and queue them, in the connection's transaction.

    The parameters of each are JSON text.
    """
    for start in range(0, len(params), _BATCH):
        rows = await query(
            connection,
            SQL.insert_shards,
            run=run,
            before=start,
            params=list(params[start : start + _BATCH]),
        )
        await link.defer_all(connection, plugin, [RunId(row[0]) for row in rows])
