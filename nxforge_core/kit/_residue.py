"""What stays in the database when a plugin's schema and login are dropped."""

from __future__ import annotations

import asyncpg

from nxforge_core.api import load_sql
from nxforge_core.database import ServerAddress, schema_name

__all__ = ["residue_of"]

_SQL = load_sql("nxforge_core.kit")


async def residue_of(plugin: str, address: ServerAddress) -> tuple[str, ...]:
    """What the plugin's login owns outside its schema, in words."""
    connection = await asyncpg.connect(**address.asyncpg_arguments())
    try:
        rows = await connection.fetch(_SQL.owned_elsewhere, schema_name(plugin))
    finally:
        await connection.close()
    return tuple(row["what"] for row in rows)
