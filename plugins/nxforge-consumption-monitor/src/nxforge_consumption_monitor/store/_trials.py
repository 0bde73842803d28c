"""What a dry run reads."""

from __future__ import annotations

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = ["recent_texts"]


async def recent_texts(
    connection: Connection, endpoint_id: str, channel: str, most: int
) -> list[str]:
    """What a register printed at its last readings, newest first."""
    rows = await connection.fetch(SQL.recent_texts, endpoint_id, channel, most)
    return [str(row["raw_text"]) for row in rows]
