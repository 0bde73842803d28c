"""What is applied, compared with what the plugin ships: one cheap query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

import asyncpg
import msgspec

from nxforge_core.api.ports import Connection, Record

from ._address import ServerAddress, quote_identifier
from ._migration_errors import (
    MigrationChangedError,
    MigrationMissingError,
)
from ._migration_files import MigrationFile
from ._server import ONCE_SECONDS, connect_once
from ._session import outages_named

__all__ = ["MigrationState", "find_pending", "read_applied", "states"]


class MigrationState(msgspec.Struct, frozen=True, kw_only=True):
    """One migration, shipped or applied or both.

    Attributes:
        applied_at: None while it is pending.
        sha256: Of the shipped file; of the applied one where it is gone.
        changed: Applied with another text than the plugin ships now, or gone.
    """

    id: str
    applied_at: datetime | None
    sha256: str
    changed: bool


async def read_applied(
    address: ServerAddress, schema: str, reader: Connection | None
) -> dict[str, tuple[str, datetime]]:
    """Answer checksum and time of every applied migration, by id.

    Args:
        address: Used for a connection of its own where there is no reader.
        schema: The plugin's.
        reader: Any open connection or pool that may read the schema.
    """
    # The name comes from our own mapping of a checked plugin id.
    sql = (
        "SELECT id, sha256, applied_at FROM "  # noqa: S608 - a quoted identifier
        f"{quote_identifier(schema)}._nxforge_migration WHERE done"
    )
    rows: Sequence[Record]
    try:
        if reader is None:
            rows = await _fetch_alone(address, sql)
        else:
            rows = await reader.fetch(sql)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return {}
    return {row["id"]: (row["sha256"], row["applied_at"]) for row in rows}


async def _fetch_alone(address: ServerAddress, sql: str) -> list[Record]:
    server = address.display()
    with outages_named(server, waiting_for="answer", seconds=ONCE_SECONDS):
        async with connect_once(address) as connection:
            return cast("list[Record]", await connection.fetch(sql))


def find_pending(
    plugin: str,
    folder: Path,
    files: Sequence[MigrationFile],
    applied: Mapping[str, str],
    *,
    accept_changed: bool = False,
) -> tuple[str, ...]:
    """Answer the ids that are shipped and not applied.

    Raises:
        MigrationChangedError: an applied file has another text now.
        MigrationMissingError: an applied file is gone.
    """
    shipped = {file.id for file in files}
    if gone := tuple(sorted(applied.keys() - shipped)):
        raise MigrationMissingError(plugin, folder, gone)
    for file in files:
        was = applied.get(file.id, file.sha256)
        if was != file.sha256 and not accept_changed:
            raise MigrationChangedError(plugin, file.path, was, file.sha256)
    return tuple(file.id for file in files if file.id not in applied)


def states(
    files: Sequence[MigrationFile], applied: Mapping[str, tuple[str, datetime]]
) -> list[MigrationState]:
    """Put what is shipped and what is applied into one list, by id."""
    found: dict[str, MigrationState] = {}
    for identity, (checksum, when) in applied.items():
        found[identity] = MigrationState(
            id=identity, applied_at=when, sha256=checksum, changed=True
        )
    for file in files:
        was = applied.get(file.id)
        found[file.id] = MigrationState(
            id=file.id,
            applied_at=was[1] if was else None,
            sha256=file.sha256,
            changed=was is not None and was[0] != file.sha256,
        )
    return [found[identity] for identity in sorted(found)]
