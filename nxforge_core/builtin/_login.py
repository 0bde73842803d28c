"""Logging in and out, the first administrator, one's own password: for programs."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from nxforge_core.api import Body, Model, RouteSpec, Success
from nxforge_core.security.people import Entered, NewPerson, check_origin

from ._context import CoreContext
from ._door import attempt_of, cookies_in, cookies_out, enter
from ._security import CallerRequest, actor_of, person_of

__all__ = ["ROUTES"]


class LoginRequest(Body):
    """Name and password."""

    name: str
    password: str


class SetupRequest(Body):
    """The first administrator, with the code of the link on the console."""

    code: str
    name: str
    password: str
    display_name: str = ""
    email: str | None = None


class ResetRequest(Body):
    """A new password, with the code of a link."""

    code: str
    password: str


class PasswordRequest(Body):
    """The password of now, and the one from now on."""

    current: str
    password: str


class LoggedIn(Model):
    """Who is in; the session is in the cookie."""

    name: str
    role: str


_Answer = Response[Success[LoggedIn]]


async def log_in(
    ctx: CoreContext, request: Request[Any, Any, Any], data: LoginRequest
) -> _Answer:
    """Begin a session."""
    check_origin(request.scope, strict=False)
    entered = await enter(ctx, request, data.name, data.password)
    return _entered(ctx, request, entered)


async def log_out(ctx: CoreContext, request: CallerRequest) -> Response[None]:
    """End one's own session."""
    caller = request.user
    if caller.session is not None:
        sessions = ctx.host.security.sessions
        await sessions.end(caller.session, actor_of(request))
    return Response(None, status_code=204, cookies=cookies_out(ctx, request))


async def set_up(
    ctx: CoreContext, request: Request[Any, Any, Any], data: SetupRequest
) -> _Answer:
    """Make the first administrator, once, and begin a session."""
    check_origin(request.scope, strict=False)
    wanted = NewPerson(
        name=data.name, role="admin", display_name=data.display_name, email=data.email
    )
    attempt = attempt_of(ctx, request, data.name, data.password)
    entered = await ctx.host.security.entrance.set_up(data.code, wanted, attempt)
    return _entered(ctx, request, entered)


async def reset(
    ctx: CoreContext, request: Request[Any, Any, Any], data: ResetRequest
) -> _Answer:
    """Set a new password, once, and begin a session; all others end."""
    check_origin(request.scope, strict=False)
    attempt = attempt_of(ctx, request, "", data.password)
    entered = await ctx.host.security.entrance.reset(data.code, attempt)
    return _entered(ctx, request, entered)


async def change_password(
    ctx: CoreContext, request: CallerRequest, data: PasswordRequest
) -> _Answer:
    """Change one's own password; every session ends, and a new one begins."""
    person, typed = person_of(request), (data.current, data.password)
    attempt = attempt_of(ctx, request)
    entered = await ctx.host.security.logins.change(person, typed, attempt)
    return _entered(ctx, request, entered)


def _entered(
    ctx: CoreContext, request: Request[Any, Any, Any], entered: Entered
) -> _Answer:
    data = LoggedIn(name=entered.name, role=entered.role)
    cookies = cookies_in(ctx, request, entered)
    return Response(Success(data=data), cookies=cookies, status_code=200)


ROUTES = [
    RouteSpec("POST", "/api/v1/login", log_in, public=True),
    RouteSpec("POST", "/api/v1/setup", set_up, public=True),
    RouteSpec("POST", "/api/v1/password-reset", reset, public=True),
    RouteSpec(
        "POST", "/api/v1/logout", log_out, permission="nxforge:me:read", status=204
    ),
    RouteSpec(
        "POST", "/api/v1/me/password", change_password, permission="nxforge:me:write"
    ),
]
