"""Files that were imported."""

from __future__ import annotations

from datetime import datetime

import msgspec

from nxforge_consumption_monitor.store import SQL
from nxforge_core.api import Connection

__all__ = [
    "NewImport",
    "StoredImport",
    "finish_import",
    "insert_import",
    "list_imports",
    "same_import",
]


class NewImport(msgspec.Struct, frozen=True, kw_only=True):
    """An import that begins; fields in the order of the statement.

    Attributes:
        sha256: Of the file.
        fingerprint: SHA-256 of the file's, the target and the options.
        options: JSON.
    """

    endpoint_id: str
    channel: str
    name: str
    sha256: str
    fingerprint: str
    options: str
    created_by: str


class StoredImport(msgspec.Struct, frozen=True, kw_only=True):
    """An import; `options` and `result` are JSON."""

    id: int
    endpoint_id: str
    endpoint_name: str
    channel: str
    name: str
    sha256: str
    options: str
    result: str
    created_by: str
    created_at: datetime


async def same_import(connection: Connection, fingerprint: str) -> StoredImport | None:
    """The import of the same file, into the same channel, read in the same way."""
    found = await connection.structs(StoredImport, SQL.same_import, fingerprint)
    return found[0] if found else None


async def insert_import(connection: Connection, new: NewImport) -> int:
    """Write that an import begins; answers its id."""
    row = msgspec.structs.astuple(new)
    return int(await connection.fetchval(SQL.insert_import, *row))


async def finish_import(connection: Connection, import_id: int, result: str) -> None:
    """Write what came of it, JSON."""
    await connection.execute(SQL.finish_import, import_id, result)


async def list_imports(
    connection: Connection,
    endpoint_id: str | None = None,
    *,
    import_id: int | None = None,
    limit: int = 1,
) -> list[StoredImport]:
    """The newest imports, of an endpoint or with an id where one is given."""
    return await connection.structs(
        StoredImport, SQL.list_imports, endpoint_id, import_id, limit
    )
