"""Creating many endpoints at once: the good rows, each on its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from nxforge_consumption_monitor.models import EndpointBody
from nxforge_consumption_monitor.restate import rehearse
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import report_groups
from nxforge_consumption_monitor.templates import find_template, view_of
from nxforge_core.api import (
    Connection,
    InvalidInputError,
    Model,
    NxForgeError,
    PluginContext,
)

from ._bulk_rows import BulkRow, BulkRowError, BulkTextError, rows_of
from ._manage import create_in

__all__ = ["MOST_AT_ONCE", "BulkRejection", "BulkView", "CreatedRow", "create_many"]

_Context = PluginContext[MonitorSettings]

#: Rows of one call.
MOST_AT_ONCE: Final = 1000


class CreatedRow(Model):
    """An endpoint that was created; of a dry run one that would be."""

    row: int
    name: str
    id: str | None


class BulkRejection(Model):
    """A row that is not taken, with what to change."""

    row: int
    name: str
    reason: str
    remedy: str


class BulkView(Model):
    """What came of many endpoints."""

    dry_run: bool
    rows: int
    created: int
    rejected: int
    endpoints: list[CreatedRow]
    rejections: list[BulkRejection]


async def create_many(
    ctx: _Context, text: str, *, is_json: bool, dry_run: bool = False
) -> BulkView:
    """Create the endpoints of a text: each good row, whatever the others are.

    Args:
        ctx: Of the host.
        text: A JSON array, or CSV.
        is_json: Which of them.
        dry_run: Check every row in the same way and create none.

    Raises:
        BulkTextError: it is no list of endpoints, or longer than one call takes.
    """
    rows = list(rows_of(text, is_json=is_json))
    if len(rows) > MOST_AT_ONCE:
        what = f"it has {len(rows)} rows, and one call takes {MOST_AT_ONCE}"
        raise BulkTextError(what)
    groups = {group.name: group.id for group in await report_groups(ctx.db)}
    created: list[CreatedRow] = []
    rejections: list[BulkRejection] = []
    names: dict[str, int] = {}
    for row in rows:
        name = str(row.members.get("name", ""))
        try:
            _check_name(names, name, row.number)
            body = _body(row, groups)
            endpoint_id = await _created(ctx, body, dry_run=dry_run)
            created.append(CreatedRow(row=row.number, name=body.name, id=endpoint_id))
        except NxForgeError as error:
            rejections.append(_rejection(row, name, error))
    return BulkView(
        dry_run=dry_run,
        rows=len(rows),
        created=len(created),
        rejected=len(rejections),
        endpoints=created,
        rejections=rejections,
    )


async def _created(ctx: _Context, body: EndpointBody, *, dry_run: bool) -> str | None:
    async def work(connection: Connection) -> str:
        return (await create_in(ctx, connection, body)).id

    endpoint_id = await rehearse(ctx.db, work, keep=not dry_run)
    return None if dry_run else endpoint_id


def _body(row: BulkRow, groups: Mapping[str, str]) -> EndpointBody:
    if row.error:
        raise BulkRowError(row.error)
    members = dict(row.members)
    template_id = members.pop("template", None)
    if template_id is not None:
        members = _of_template(str(template_id), members)
    group = members.pop("group", None)
    if group is not None:
        members["groupId"] = _group_id(str(group), groups)
    try:
        return msgspec.convert(members, EndpointBody, strict=False)
    except msgspec.ValidationError as error:
        raise BulkRowError(str(error)) from error


def _of_template(template_id: str, members: dict[str, Any]) -> dict[str, Any]:
    """What a template sets, below what the row says itself."""
    template = view_of(find_template(template_id))
    known: dict[str, Any] = msgspec.json.decode(template.endpoint)
    url = str(members.get("url", ""))
    if urlsplit(url).path in {"", "/"}:
        # An address alone: the device's page is where the template says.
        members = members | {"url": url.rstrip("/") + template.path}
    return known | members


def _group_id(name: str, groups: Mapping[str, str]) -> str:
    if name not in groups:
        remedy = f"give one of {', '.join(map(repr, sorted(groups))) or 'no group yet'}"
        raise InvalidInputError(field="group", value=name, remedy=remedy)
    return groups[name]


def _check_name(names: dict[str, int], name: str, row: int) -> None:
    first = names.setdefault(name, row)
    if first != row:
        remedy = f"row {first} has it already"
        raise InvalidInputError(field="name", value=name, remedy=remedy)


def _rejection(row: BulkRow, name: str, error: NxForgeError) -> BulkRejection:
    return BulkRejection(
        row=row.number, name=name, reason=error.message, remedy=error.remedy
    )
