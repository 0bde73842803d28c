"""The life of a group. Everything is checked before anything is written."""

from __future__ import annotations

from uuid import uuid4

import msgspec

from nxforge_consumption_monitor.endpoints import check_zone
from nxforge_consumption_monitor.models import check_version
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import UnknownGroupError, parse_group_id
from nxforge_consumption_monitor.store.books import (
    GroupRow,
    StoredGroup,
    delete_group,
    group_name_taken,
    group_uses,
    hold_groups,
    list_groups,
    write_group,
)
from nxforge_consumption_monitor.tariffs import show_tariff
from nxforge_core.api import ConflictError, Connection, PluginContext

from ._views import GroupBody, GroupView

__all__ = [
    "DuplicateGroupError",
    "GroupInUseError",
    "change_group",
    "create_group",
    "groups",
    "remove_group",
    "show_group",
]

_Context = PluginContext[MonitorSettings]


class DuplicateGroupError(ConflictError):
    """Two groups would bear one name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"a group named {name!r} exists already",
            remedy="choose another name, or change the existing group",
        )
        self.name = name


class GroupInUseError(ConflictError):
    """A group that something belongs to cannot go."""

    code = "group_in_use"

    def __init__(self, name: str, endpoints: int, locks: int) -> None:
        super().__init__(
            f"group {name!r} has {endpoints} endpoints and {locks} locked months",
            remedy="move its endpoints to another group; one that was invoiced stays",
        )
        self.name = name
        self.endpoints = endpoints
        self.locks = locks


async def groups(ctx: _Context) -> list[GroupView]:
    """All groups by name."""
    return [_view(each) for each in await list_groups(ctx.db)]


async def show_group(ctx: _Context, group_id: str) -> GroupView:
    """One group.

    Raises:
        UnknownGroupError: there is none with the id.
    """
    return _view(await _found(ctx.db, group_id))


async def create_group(ctx: _Context, body: GroupBody) -> GroupView:
    """Store a new group.

    Raises:
        InvalidInputError: no zone has the name.
        UnknownTariffError: there is no such tariff.
        DuplicateGroupError: another group has the name.
    """
    return await _write(ctx, str(uuid4()), body)


async def change_group(
    ctx: _Context, group_id: str, body: GroupBody, *, match: str | None = None
) -> GroupView:
    """Store a group as it is wanted now.

    Raises:
        UnknownGroupError: there is none with the id.
        StaleVersionError: somebody changed it meanwhile.
        InvalidInputError: no zone has the name.
        UnknownTariffError: there is no such tariff.
        DuplicateGroupError: another group has the name.
    """
    return await _write(ctx, parse_group_id(group_id), body, known=True, match=match)


async def remove_group(
    ctx: _Context, group_id: str, *, match: str | None = None
) -> None:
    """Delete a group that nothing belongs to.

    Raises:
        UnknownGroupError: there is none with the id.
        StaleVersionError: somebody changed it meanwhile.
        GroupInUseError: it has endpoints, or months of it are locked.
    """
    async with ctx.db.transaction() as connection:
        await hold_groups(connection)
        group = await _found(connection, group_id)
        check_version(match, group.updated_at)
        endpoints, locks = await group_uses(connection, group.id)
        if endpoints or locks:
            raise GroupInUseError(group.name, endpoints, locks)
        await delete_group(connection, group.id)


async def _write(
    ctx: _Context,
    group_id: str,
    body: GroupBody,
    *,
    known: bool = False,
    match: str | None = None,
) -> GroupView:
    tz = ctx.settings.time_zone if body.tz is None else body.tz
    check_zone(tz)
    async with ctx.db.transaction() as connection:
        await hold_groups(connection)
        if known:
            check_version(match, (await _found(connection, group_id)).updated_at)
        tariff_id = None
        if body.tariff_id is not None:
            tariff_id = (await show_tariff(connection, body.tariff_id)).id
        if await group_name_taken(connection, body.name, group_id):
            raise DuplicateGroupError(body.name)
        row = GroupRow(
            id=group_id, name=body.name, kind=body.kind, tz=tz, tariff_id=tariff_id
        )
        await write_group(connection, row)
        return _view(await _found(connection, group_id))


async def _found(connection: Connection, group_id: str) -> StoredGroup:
    found = await list_groups(connection, parse_group_id(group_id))
    if not found:
        raise UnknownGroupError(group_id)
    return found[0]


def _view(stored: StoredGroup) -> GroupView:
    return GroupView(**msgspec.structs.asdict(stored))
