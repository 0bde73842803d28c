"""What the core keeps of one plugin: counted, read, brought back, forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

from nxforge_core.api import Connection, Database, PluginId, load_sql
from nxforge_core.jobs import EngineOptions

__all__ = ["bring", "exported_tables", "forget", "pages", "residue"]

_SQL: Final = load_sql("nxforge_core.host")
#: Belong to a run and not to a plugin.
_OF_RUNS: Final = ("run_attempt", "run_log")
#: A plugin that comes back owes nothing of the time in which it was gone.
_PASSING: Final = frozenset({"event_delivery", "event_subscriber", "schedule"})
_PAGE: Final = 5_000


async def exported_tables(database: Connection) -> list[str]:
    """Tables of the core whose rows go into an export, in the order to bring them."""
    found = [name for name in await _tables(database) if name not in _PASSING]
    return [*found, *(each for each in _OF_RUNS if each not in found)]


async def pages(
    database: Connection, plugin: str, table: str
) -> AsyncIterator[Sequence[str]]:
    """Rows of a table as lines of JSON, some thousand at a time."""
    statement = await database.fetchval(_SQL.rows_statement, plugin, table)
    offset = 0
    while rows := await database.fetch(statement, _PAGE, offset):
        yield [row["line"] for row in rows]
        offset += _PAGE


async def bring(connection: Connection, table: str, lines: Sequence[str]) -> None:
    """Put such lines back."""
    statement = await connection.fetchval(_SQL.bring_rows_statement, table)
    await connection.execute(statement, list(lines))


async def forget(connection: Connection, plugin: PluginId, instance: str) -> None:
    """Take out all that the core keeps of a plugin, but for the audit trail."""
    if await connection.fetchval(_SQL.has_queue):
        await connection.execute(
            _SQL.forget_queue, EngineOptions(instance=instance).queue_of(plugin)
        )
    tables = await _tables(connection)
    for row in await connection.fetch(_SQL.forget_statements, plugin, tables):
        await connection.execute(row["sql"])
    for statement in (
        _SQL.forget_outbox,
        _SQL.forget_roles,
        _SQL.forget_tokens,
        _SQL.forget_token_plugins,
        _SQL.forget_cards,
        _SQL.forget_plugin,
    ):
        await connection.execute(statement, plugin)


async def residue(database: Database, plugin: PluginId, instance: str) -> list[str]:
    """What the core still keeps of it."""
    found = [row["what"] for row in await database.fetch(_SQL.core_residue, plugin)]
    for table in await _tables(database):
        statement = await database.fetchval(_SQL.count_statement, plugin, table)
        if count := await database.fetchval(statement):
            found.append(f"{count} rows of {table}")
    if await database.fetchval(_SQL.has_queue):
        queue = EngineOptions(instance=instance).queue_of(plugin)
        if count := await database.fetchval(_SQL.queue_residue, queue):
            found.append(f"{count} jobs in the queue")
    return found


async def _tables(database: Connection) -> list[str]:
    return [row["name"] for row in await database.fetch(_SQL.plugin_tables)]
