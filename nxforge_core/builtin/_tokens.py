"""API tokens: one's own, and those that belong to nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar.params import Parameter

from nxforge_core.api import Body, Model, RouteSpec
from nxforge_core.security import Limits, StoredToken
from nxforge_core.security.people import BeyondOwnError

from ._context import CoreContext
from ._security import CallerRequest, actor_of, judge_of, person_of

__all__ = [
    "ROUTES",
    "Token",
    "TokenRequest",
    "create_token",
    "list_all",
    "list_own",
    "revoke_any",
    "revoke_own",
]

_Number = Annotated[int, Parameter(ge=0, le=2**63 - 1)]
_MANAGE = "nxforge:tokens:manage"


class Token(Model):
    """What is known of a token; its text is not.

    Attributes:
        owner: Name of the person whose it is; null for one of nobody's.
        permissions: What of its holder's permissions it may use; null is all.
        plugins: Whose permissions count; null is everybody's.
        hint: Its first characters.
        last_used_at: Exact to about a minute.
    """

    id: int
    name: str
    owner: str | None
    role: str
    permissions: list[str] | None
    plugins: list[str] | None
    hint: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class TokenRequest(Body):
    """A token that is wanted.

    Attributes:
        role: Makes a token of nobody's with this role (`nxforge:tokens:manage`); left
            out it belongs to the caller.
    """

    name: str
    role: str | None = None
    permissions: list[str] | None = None
    plugins: list[str] | None = None
    expires_at: datetime | None = None


class MadeToken(Model):
    """A token that was just made; its text is shown only now."""

    id: int
    name: str
    expires_at: datetime | None
    text: str


async def list_own(ctx: CoreContext, request: CallerRequest) -> list[Token]:
    """One's own tokens, by name."""
    found = await ctx.host.security.tokens.list(person_of(request))
    return [_token(one) for one in found]


async def list_all(ctx: CoreContext) -> list[Token]:
    """Everybody's tokens, by name."""
    return [_token(one) for one in await ctx.host.security.tokens.list()]


async def create_token(
    ctx: CoreContext, request: CallerRequest, data: TokenRequest
) -> MadeToken:
    """Make a token; it never may more than who makes it."""
    security, by = ctx.host.security, actor_of(request)
    limits = Limits(data.permissions, data.plugins)
    _refuse_more(request, data)
    if data.role is None:
        made = await security.tokens.create_own(
            data.name, person_of(request), data.expires_at, limits=limits, by=by
        )
    else:
        grants = await security.own_roles.grants(data.role)
        judge_of(request, security.roles)(data.role, grants)
        made = await security.tokens.create(
            data.name, data.role, data.expires_at, limits=limits, by=by
        )
    return MadeToken(
        id=made.id, name=made.name, expires_at=made.expires_at, text=made.text
    )


async def revoke_own(
    ctx: CoreContext, request: CallerRequest, token_id: _Number
) -> None:
    """Revoke one of one's own tokens."""
    by, person = actor_of(request), person_of(request)
    await ctx.host.security.tokens.revoke(token_id, by, person)


async def revoke_any(
    ctx: CoreContext, request: CallerRequest, token_id: _Number
) -> None:
    """Revoke anybody's token."""
    await ctx.host.security.tokens.revoke(token_id, actor_of(request))


def _refuse_more(request: CallerRequest, data: TokenRequest) -> None:
    caller, needed = request.user, []
    # A person's own token is held to what the person may whenever it is used. What
    # limits a token that asks would not limit the one it makes.
    if data.role is not None or caller.token is not None:
        needed.append(_MANAGE)
    if caller.token is not None:
        needed += ["*"] if data.permissions is None else data.permissions
    if lacking := caller.lacks(needed):
        raise BeyondOwnError(caller.name, lacking)


def _token(one: StoredToken) -> Token:
    return Token(
        id=one.id,
        name=one.name,
        owner=one.holder,
        role=one.role,
        permissions=one.permissions,
        plugins=one.plugins,
        hint=one.hint,
        created_at=one.created_at,
        expires_at=one.expires_at,
        last_used_at=one.last_used_at,
    )


_OWN = "/api/v1/me/tokens"
_ALL = "/api/v1/tokens"
_READ, _WRITE = "nxforge:me:read", "nxforge:me:write"

ROUTES = [
    RouteSpec("GET", _OWN, list_own, permission=_READ),
    RouteSpec(
        "DELETE", f"{_OWN}/{{token_id:int}}", revoke_own, permission=_WRITE, status=204
    ),
    RouteSpec("GET", _ALL, list_all, permission=_MANAGE),
    RouteSpec("POST", _ALL, create_token, permission=_WRITE, status=201),
    RouteSpec(
        "DELETE", f"{_ALL}/{{token_id:int}}", revoke_any, permission=_MANAGE, status=204
    ),
]
