"""Sessions: one's own, and everybody's for whoever manages people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar.params import Parameter

from nxforge_core.api import Model, RouteSpec
from nxforge_core.security.people import SessionView

from ._context import CoreContext
from ._security import CallerRequest, actor_of, person_of

__all__ = [
    "ROUTES",
    "end_any",
    "list_all",
]

_Number = Annotated[int, Parameter(ge=0, le=2**63 - 1)]


class SessionInfo(Model):
    """A session that runs.

    Attributes:
        current: The one this request is part of.
    """

    id: int
    name: str
    guest: bool
    current: bool
    created_at: datetime
    last_used_at: datetime
    ends_at: datetime
    address: str
    agent: str


class Ended(Model):
    """How many sessions ended."""

    ended: int


async def list_own(ctx: CoreContext, request: CallerRequest) -> list[SessionInfo]:
    """One's own sessions, newest first."""
    found = await ctx.host.security.sessions.list(person_of(request))
    return [_info(one, request.user.session) for one in found]


async def end_own(
    ctx: CoreContext, request: CallerRequest, session_id: _Number
) -> None:
    """End one of one's own sessions."""
    by, person = actor_of(request), person_of(request)
    await ctx.host.security.sessions.end(session_id, by, person)


async def end_others(ctx: CoreContext, request: CallerRequest) -> Ended:
    """End all of one's own sessions but the one that asks."""
    person = (person_of(request), request.user.name)
    sessions, by = ctx.host.security.sessions, actor_of(request)
    return Ended(ended=await sessions.end_all(person, by, but=request.user.session))


async def list_all(ctx: CoreContext, request: CallerRequest) -> list[SessionInfo]:
    """Everybody's sessions, guests' among them."""
    found = await ctx.host.security.sessions.list()
    return [_info(one, request.user.session) for one in found]


async def end_any(
    ctx: CoreContext, request: CallerRequest, session_id: _Number
) -> None:
    """End anybody's session."""
    await ctx.host.security.sessions.end(session_id, actor_of(request))


async def end_of_user(ctx: CoreContext, request: CallerRequest, name: str) -> Ended:
    """End all sessions of somebody."""
    security = ctx.host.security
    person = await security.accounts.find(name)
    whose = (person.id, person.name)
    count = await security.sessions.end_all(whose, actor_of(request), but=None)
    return Ended(ended=count)


def _info(one: SessionView, current: int | None) -> SessionInfo:
    return SessionInfo(
        id=one.id,
        name=one.name,
        guest=one.guest,
        current=one.id == current,
        created_at=one.created_at,
        last_used_at=one.last_used_at,
        ends_at=one.ends_at,
        address=one.address,
        agent=one.agent,
    )


_OWN = "/api/v1/me/sessions"
_ALL = "/api/v1/sessions"
_READ, _WRITE = "nxforge:me:read", "nxforge:me:write"
_MANAGE = "nxforge:users:manage"

ROUTES = [
    RouteSpec("GET", _OWN, list_own, permission=_READ),
    RouteSpec("DELETE", _OWN, end_others, permission=_WRITE),
    RouteSpec(
        "DELETE", f"{_OWN}/{{session_id:int}}", end_own, permission=_WRITE, status=204
    ),
    RouteSpec("GET", _ALL, list_all, permission="nxforge:users:read"),
    RouteSpec(
        "DELETE", f"{_ALL}/{{session_id:int}}", end_any, permission=_MANAGE, status=204
    ),
    RouteSpec(
        "DELETE", "/api/v1/users/{name:str}/sessions", end_of_user, permission=_MANAGE
    ),
]
