"""The audit trail: read, exported, and the head that proves it whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from litestar.params import Parameter, QueryParameter

from nxforge_core.api import Model, RouteSpec
from nxforge_core.security.audit import (
    AuditEntry,
    AuditFilter,
    csv_lines,
    json_lines,
)

from ._context import CoreContext
from ._files import LinesFile

__all__ = [
    "ROUTES",
    "list_audit",
    "show_audit_head",
]

_Text = Annotated[str | None, Parameter(max_length=200)]
_LINES: Final = {"jsonl": json_lines, "csv": csv_lines}
_MEDIA: Final = {"jsonl": "application/jsonl", "csv": "text/csv"}


class AuditState(Model):
    """The newest row, to be kept elsewhere, and what protects the trail.

    Attributes:
        id: Number of the newest row; 0 where there is none.
        hash: Its hash.
        protection: Empty where the database keeps the host from changing the trail;
            else why it does not, and the remedy.
    """

    id: int
    hash: str
    protection: str


async def list_audit(  # noqa: PLR0913 - one for each filter
    ctx: CoreContext,
    *,
    actor: _Text = None,
    action: _Text = None,
    target: _Text = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 100,
    before: Annotated[int | None, Parameter(ge=0, le=2**63 - 1)] = None,
) -> list[AuditEntry]:
    """Who changed what, newest first; `before` is the last id of the page before."""
    wanted = _filter(actor, action, target, since, until)
    return await ctx.host.security.audit.list(wanted, before, limit)


async def export_audit(  # noqa: PLR0913 - one for each filter
    ctx: CoreContext,
    *,
    actor: _Text = None,
    action: _Text = None,
    target: _Text = None,
    since: datetime | None = None,
    until: datetime | None = None,
    kind: Annotated[Literal["jsonl", "csv"], QueryParameter(name="format")] = "jsonl",
) -> LinesFile:
    """All of that as a file: a JSON object a line, or CSV."""
    rows = ctx.host.security.audit.every(_filter(actor, action, target, since, until))
    headers = {"content-disposition": f'attachment; filename="audit.{kind}"'}
    return LinesFile(_LINES[kind](rows), media_type=_MEDIA[kind], headers=headers)


async def show_audit_head(ctx: CoreContext) -> AuditState:
    """The newest row's number and hash, and what protects the trail."""
    security = ctx.host.security
    head = await security.audit.head()
    return AuditState(
        id=head.id if head else 0,
        hash=head.hash if head else "",
        protection=security.protection,
    )


def _filter(
    actor: str | None,
    action: str | None,
    target: str | None,
    since: datetime | None,
    until: datetime | None,
) -> AuditFilter:
    actor, action, target = (
        None if text is None else text.replace("\0", " ")
        for text in (actor, action, target)
    )
    return AuditFilter(
        actor=actor, action=action, target=target, since=since, until=until
    )


_READ = "nxforge:audit:read"

ROUTES = [
    RouteSpec("GET", "/api/v1/audit", list_audit, permission=_READ),
    RouteSpec("GET", "/api/v1/audit/export", export_audit, permission=_READ),
    RouteSpec("GET", "/api/v1/audit/head", show_audit_head, permission=_READ),
]
