"""The end of a plugin's corner: sessions, schema, logins; a look for what is left."""

from __future__ import annotations

import asyncio

from nxforge_core.api.ports import Connection

from ._corner import role_names, schema_name
from ._queries import SQL, run_statements

__all__ = [
    "corner_exists",
    "corner_residue",
    "corner_rows",
    "corner_size",
    "drop_corner",
    "end_sessions",
]

_LOOK = 0.1


async def corner_exists(host: Connection, plugin: str) -> bool:
    """Whether the plugin has a schema."""
    return bool(await host.fetchval(SQL.corner_exists, schema_name(plugin)))


async def corner_size(host: Connection, plugin: str) -> int:
    """Bytes that a plugin's tables take, indexes included."""
    return int(await host.fetchval(SQL.corner_size, schema_name(plugin)))


async def corner_rows(host: Connection, plugin: str) -> dict[str, int]:
    """How many rows each of its tables has."""
    schema = schema_name(plugin)
    found: dict[str, int] = {}
    for row in await host.fetch(SQL.corner_tables, schema):
        found[row["name"]] = await host.fetchval(row["count"])
    return found


async def end_sessions(host: Connection, plugin: str, seconds: float) -> None:
    """Wait for the plugin's sessions to end; after that end them."""
    who = await _who(host, plugin)
    looks = max(1, round(seconds / _LOOK))
    for _ in range(looks):
        if not await host.fetch(SQL.corner_sessions, *who):
            return
        await asyncio.sleep(_LOOK)
    await host.fetch(SQL.end_sessions, *who)


async def drop_corner(connection: Connection, plugin: str) -> None:
    """Drop schema and logins of a plugin, in the transaction that is open."""
    schema = schema_name(plugin)
    await connection.execute(SQL.corner_lock, schema)
    roles = (await _who(connection, plugin))[0]
    await run_statements(connection, SQL.drop_corner_statements, schema, roles)


async def corner_residue(host: Connection, plugin: str) -> list[str]:
    """What the catalogues still have of it."""
    roles = (await _who(host, plugin))[0]
    rows = await host.fetch(SQL.corner_residue, schema_name(plugin), roles)
    return [row["what"] for row in rows]


async def _who(host: Connection, plugin: str) -> tuple[list[str], str]:
    database = await host.fetchval("select current_database()")
    return role_names(schema_name(plugin), database), f"nxforge {plugin}"
