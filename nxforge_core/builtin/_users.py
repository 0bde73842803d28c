"""Accounts of people, as administrators see and change them."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, UnsetType

from nxforge_core.api import Body, Model, RouteSpec
from nxforge_core.security.people import NewPerson, Person, PersonChange

from ._context import CoreContext
from ._security import CallerRequest, actor_of, judge_of

__all__ = [
    "ROUTES",
    "User",
    "UserPatch",
    "UserRequest",
    "change_user",
    "create_user",
    "list_users",
    "make_password_link",
]


class User(Model):
    """Somebody with an account.

    Attributes:
        password_at: When the password was set; null while there is none yet.
    """

    id: int
    name: str
    display_name: str
    email: str | None
    role: str
    active: bool
    created_at: datetime
    password_at: datetime | None
    last_login_at: datetime | None


class UserRequest(Body):
    """Somebody who gets an account."""

    name: str
    role: str
    display_name: str = ""
    email: str | None = None


class UserPatch(Body):
    """What is to change about somebody; what is left out stays."""

    display_name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    role: str | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class PasswordLink(Model):
    """A link that sets a password, once; shown only now.

    Attributes:
        path: Below the address of this host.
        code: Of the path, for `POST /api/v1/password-reset`.
    """

    path: str
    code: str


async def list_users(ctx: CoreContext) -> list[User]:
    """Everybody, by name; those who were deactivated too."""
    return [_user(one) for one in await ctx.host.security.accounts.list()]


async def show_user(ctx: CoreContext, name: str) -> User:
    """One of them."""
    return _user(await ctx.host.security.accounts.find(name))


async def create_user(
    ctx: CoreContext, request: CallerRequest, data: UserRequest
) -> User:
    """Make an account; the person sets the password with a link."""
    security = ctx.host.security
    wanted = NewPerson(
        name=data.name, role=data.role, display_name=data.display_name, email=data.email
    )
    judge = judge_of(request, security.roles)
    return _user(await security.accounts.create(wanted, actor_of(request), judge))


async def change_user(
    ctx: CoreContext, request: CallerRequest, name: str, data: UserPatch
) -> User:
    """Change an account; with another role, or deactivated, its sessions end."""
    security = ctx.host.security
    change = PersonChange(
        display_name=data.display_name,
        email=data.email,
        role=data.role,
        active=data.active,
    )
    by, judge = actor_of(request), judge_of(request, security.roles)
    return _user(await security.accounts.change(name, change, by, judge))


async def make_password_link(
    ctx: CoreContext, request: CallerRequest, name: str
) -> PasswordLink:
    """Make a link with which somebody sets a new password, once, within a day."""
    security = ctx.host.security
    by, judge = actor_of(request), judge_of(request, security.roles)
    code = await security.links.reset(name, by, judge)
    return PasswordLink(path=f"/reset/{code}", code=code)


def _user(person: Person) -> User:
    return User(
        id=person.id,
        name=person.name,
        display_name=person.display_name,
        email=person.email,
        role=person.role,
        active=person.active,
        created_at=person.created_at,
        password_at=person.password_at,
        last_login_at=person.last_login_at,
    )


_ALL = "/api/v1/users"
_ONE = "/api/v1/users/{name:str}"
_READ, _MANAGE = "nxforge:users:read", "nxforge:users:manage"

ROUTES = [
    RouteSpec("GET", _ALL, list_users, permission=_READ),
    RouteSpec("POST", _ALL, create_user, permission=_MANAGE, status=201),
    RouteSpec("GET", _ONE, show_user, permission=_READ),
    RouteSpec("PATCH", _ONE, change_user, permission=_MANAGE),
    RouteSpec(
        "POST",
        f"{_ONE}/password-link",
        make_password_link,
        permission=_MANAGE,
        status=201,
    ),
]
