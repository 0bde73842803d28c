"""What people changed of endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = ["StoredEdit", "insert_edit", "list_edits"]


class StoredEdit(msgspec.Struct, frozen=True, kw_only=True):
    """One change: by the name of the member what it was, and what it is since."""

    id: int
    done_by: str | None
    done_at: datetime
    changes: str


async def insert_edit(
    connection: Connection,
    endpoint_id: str,
    changes: Mapping[str, object],
    *,
    by: str | None,
    at: datetime,
) -> None:
    """Keep it, where there is anything in it."""
    if not changes:
        return
    text = msgspec.json.encode(changes).decode()
    await connection.execute(SQL.insert_endpoint_edit, endpoint_id, by, at, text)


async def list_edits(
    connection: Connection, endpoint_id: str, limit: int
) -> list[StoredEdit]:
    """Of an endpoint, the newest first."""
    return await connection.structs(
        StoredEdit, SQL.list_endpoint_edits, endpoint_id, limit
    )
