"""What a browser saw at an endpoint's latest failure in it: one for each endpoint."""

from __future__ import annotations

from datetime import datetime

import msgspec

from nxforge_consumption_monitor.models import FailureRow
from nxforge_core.api import Connection

from ._statements import SQL

__all__ = ["StoredFailure", "failure_of", "failure_picture", "keep_failure"]


class StoredFailure(msgspec.Struct, frozen=True, kw_only=True):
    """All but the picture itself."""

    failed_at: datetime
    outcome: str
    error: str
    step: int
    html: str
    screenshot_bytes: int | None


async def keep_failure(connection: Connection, row: FailureRow) -> None:
    """Keep it, in place of the one before."""
    await connection.execute(
        SQL.keep_failure,
        row.endpoint_id,
        row.failed_at,
        row.outcome,
        row.error,
        row.step,
        row.html,
        row.screenshot,
    )


async def failure_of(connection: Connection, endpoint_id: str) -> StoredFailure | None:
    """The latest; None where there was none."""
    found = await connection.structs(StoredFailure, SQL.failure_of, endpoint_id)
    return found[0] if found else None


async def failure_picture(connection: Connection, endpoint_id: str) -> bytes | None:
    """Its picture; None where there is none."""
    found: bytes | None = await connection.fetchval(SQL.failure_picture, endpoint_id)
    return found
