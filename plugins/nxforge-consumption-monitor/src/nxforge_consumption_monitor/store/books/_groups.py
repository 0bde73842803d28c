"""Groups of endpoints: racks, clients."""

from __future__ import annotations

from datetime import datetime

import msgspec

from nxforge_consumption_monitor.store import SQL
from nxforge_core.api import Connection

__all__ = [
    "GroupRow",
    "StoredGroup",
    "delete_group",
    "group_name_taken",
    "group_uses",
    "hold_groups",
    "list_groups",
    "write_group",
]


class StoredGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group, and how many endpoints that are not archived belong to it."""

    id: str
    name: str
    kind: str
    tz: str
    tariff_id: str | None
    members: int
    created_at: datetime
    updated_at: datetime


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """A group as it is written; fields in the order of the statement."""

    id: str
    name: str
    kind: str
    tz: str
    tariff_id: str | None


async def list_groups(
    connection: Connection, group_id: str | None = None
) -> list[StoredGroup]:
    """All groups by name, or the one with the id."""
    return await connection.structs(StoredGroup, SQL.list_groups, group_id)


async def hold_groups(connection: Connection) -> None:
    """Let nobody else write groups until the transaction ends."""
    await connection.execute(SQL.hold_groups)


async def group_name_taken(connection: Connection, name: str, group_id: str) -> bool:
    """Whether another group bears the name."""
    return bool(await connection.fetchval(SQL.group_name_taken, name, group_id))


async def write_group(connection: Connection, row: GroupRow) -> None:
    """Write a group, new or known."""
    await connection.execute(SQL.write_group, *msgspec.structs.astuple(row))


async def group_uses(connection: Connection, group_id: str) -> tuple[int, int]:
    """How many endpoints, and how many locked months, a group has."""
    row = await connection.fetchrow(SQL.group_uses, group_id)
    assert row is not None  # noqa: S101 - the statement answers one row in any case
    return row["endpoints"], row["locks"]


async def delete_group(connection: Connection, group_id: str) -> None:
    """Delete a group that nothing belongs to, with its stored reports."""
    await connection.execute(SQL.delete_group_reports, group_id)
    await connection.execute(SQL.delete_group, group_id)
