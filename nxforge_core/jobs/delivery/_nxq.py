"""The schema nxq: Procrastinate's tables, as its package brings them."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final

from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection

from nxforge_core.jobs._errors import QueueSchemaError
from nxforge_core.jobs._sql import SQL

__all__ = ["install_queue", "packaged_files"]

_Connection = AsyncConnection[tuple[Any, ...]]
#: Any number does; it is the session lock of every installer of the queue.
_LOCK: Final = 0x6E786671
_MAKE_SCHEMA: Final = "create schema if not exists nxq;"


def packaged_files() -> dict[str, str]:
    """Procrastinate's migrations, name without suffix to text, in their order."""
    folder = files("procrastinate.sql") / "migrations"
    found = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return {
        name.removesuffix(".sql"): (folder / name).read_text("utf-8") for name in found
    }


async def install_queue(conninfo: str) -> None:
    """Bring nxq to the packaged version; one process at a time does it.

    Each of the files is a transaction together with its record, so a process that
    is killed leaves a version that is known and complete.

    Raises:
        QueueSchemaError: nxq is newer, or of a version that is not known here.
    """
    packaged = packaged_files()
    async with await AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await connection.execute("set search_path = nxq")
        if await _is_done(connection, max(packaged)):
            return
        await connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        for version, text in await _pending(connection, packaged):
            async with connection.transaction():
                # Without parameters psycopg sends the text as it is, % and all.
                await connection.execute(text.encode())
                await connection.execute(
                    SQL.add_queue_version.encode(), {"version": version}
                )
        # The tables themselves stay Procrastinate's; this is how they are stored.
        await connection.execute(SQL.make_queue_lean.encode())


async def _is_done(connection: _Connection, newest: str) -> bool:
    if await _value(connection, SQL.queue_version) != newest:
        return False
    return bool(await _value(connection, SQL.queue_is_lean))


async def _pending(
    connection: _Connection, packaged: dict[str, str]
) -> list[tuple[str, str]]:
    recorded = await _value(connection, SQL.queue_version)
    newest = max(packaged)
    if recorded is None:
        if await _value(connection, SQL.queue_exists):
            raise QueueSchemaError(None, newest)
        text = SchemaManager.get_schema()
        return [(newest, f"{_MAKE_SCHEMA}\n{text}")]
    if recorded not in packaged:
        raise QueueSchemaError(str(recorded), newest)
    return [(name, text) for name, text in packaged.items() if name > str(recorded)]


async def _value(connection: _Connection, sql: str) -> object:
    row = await (await connection.execute(sql.encode())).fetchone()
    return row[0] if row else None
