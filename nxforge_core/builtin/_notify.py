"""Who is told what plugins have to tell, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar.params import Parameter
from msgspec import Meta

from nxforge_core.api import Body, Model, NoticeLevel, RouteSpec
from nxforge_core.services.notify import LEVELS, Channel
from nxforge_core.services.notify import Target as Goal

from ._context import CoreContext
from ._security import CallerRequest, actor_of

__all__ = [
    "ROUTES",
    "ChannelRequest",
    "add_channel",
    "list_channels",
    "list_deliveries",
    "remove_channel",
    "test_channel",
]

_Number = Annotated[int, Parameter(ge=1, le=2**63 - 1)]
_Limit = Annotated[int, Parameter(ge=1, le=1000)]
_Name = Annotated[str, Meta(min_length=1, max_length=100)]


class NotifyChannel(Model):
    """Somebody who is told.

    Attributes:
        to: Addresses, or the URL without what may be secret of it.
        plugin: Whose notices; null: of every plugin.
        level: That one and those above.
    """

    id: int
    name: str
    kind: Literal["email", "webhook"]
    to: str
    plugin: str | None
    level: NoticeLevel
    enabled: bool
    created_by: str
    created_at: datetime


class ChannelRequest(Body):
    """A channel that is wanted: either addresses or a URL.

    Attributes:
        secret: Signs what is sent to the URL; it is shown to nobody.
    """

    name: _Name
    to: list[str] = []
    url: Annotated[str, Meta(max_length=2000)] = ""
    secret: Annotated[str, Meta(max_length=200)] = ""
    plugin: str | None = None
    level: NoticeLevel = "info"


class NoticeDelivery(Model):
    """What became of one notice at one channel.

    Attributes:
        next_at: When it is tried again, while it is pending.
        error: Why the last attempt failed.
    """

    notice: UUID
    channel: str
    plugin: str
    level: NoticeLevel
    subject: str
    at: datetime
    state: Literal["pending", "delivered", "failed"]
    attempts: int
    next_at: datetime | None
    error: str
    done_at: datetime | None


async def list_channels(ctx: CoreContext) -> list[NotifyChannel]:
    """All channels by name."""
    return [_channel(each) for each in await ctx.host.notify_desk.channels()]


async def add_channel(
    ctx: CoreContext, request: CallerRequest, data: ChannelRequest
) -> NotifyChannel:
    """Tell somebody by e-mail or by a signed request, from now on."""
    goal = Goal(tuple(data.to), data.url, data.secret)
    made = await ctx.host.notify_desk.add(
        data.name, goal, actor_of(request), plugin=data.plugin, level=data.level
    )
    return _channel(made)


async def remove_channel(
    ctx: CoreContext, request: CallerRequest, channel_id: _Number
) -> None:
    """Tell it nothing more; what waits for it is dropped."""
    await ctx.host.notify_desk.remove(channel_id, actor_of(request))


async def test_channel(
    ctx: CoreContext, request: CallerRequest, channel_id: _Number
) -> None:
    """Send a notice that says it is a test; the deliveries show what became of it."""
    await ctx.host.notify_desk.test(channel_id, actor_of(request))


async def list_deliveries(
    ctx: CoreContext, limit: _Limit = 100
) -> list[NoticeDelivery]:
    """What became of notices, the newest first; kept for 30 days."""
    return [
        NoticeDelivery(
            notice=each.notice_id,
            channel=each.channel,
            plugin=each.plugin,
            level=LEVELS[each.level],
            subject=each.subject,
            at=each.created_at,
            state=each.state,
            attempts=each.attempts,
            next_at=each.next_at if each.state == "pending" else None,
            error=each.error,
            done_at=each.done_at,
        )
        for each in await ctx.host.notify_desk.deliveries(limit)
    ]


def _channel(one: Channel) -> NotifyChannel:
    return NotifyChannel(
        id=one.id,
        name=one.name,
        kind=one.kind,
        to=one.shown,
        plugin=one.plugin,
        level=LEVELS[one.min_level],
        enabled=one.enabled,
        created_by=one.created_by,
        created_at=one.created_at,
    )


_ALL = "/api/v1/notify/channels"
_READ, _MANAGE = "nxforge:notify:read", "nxforge:notify:manage"

ROUTES = [
    RouteSpec("GET", _ALL, list_channels, permission=_READ),
    RouteSpec("POST", _ALL, add_channel, permission=_MANAGE, status=201),
    RouteSpec(
        "DELETE",
        f"{_ALL}/{{channel_id:int}}",
        remove_channel,
        permission=_MANAGE,
        status=204,
    ),
    RouteSpec(
        "POST",
        f"{_ALL}/{{channel_id:int}}/test",
        test_channel,
        permission=_MANAGE,
        status=204,
    ),
    RouteSpec("GET", "/api/v1/notify/deliveries", list_deliveries, permission=_READ),
]
