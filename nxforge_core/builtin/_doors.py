"""The pages people come in by: forms without a script."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from nxforge_core.api import RouteSpec
from nxforge_core.security.people import (
    DeadLinkError,
    Entered,
    NewPerson,
    check_origin,
)
from nxforge_core.ui import HTML, PAGE_HEADERS, render_login, render_password

from ._context import CoreContext
from ._door import attempt_of, cookies_in, cookies_out, enter, root_of, speak_with
from ._files import HtmlPage
from ._security import CallerRequest, actor_of

__all__ = ["ROUTES"]

_Request = Request[Any, Any, Any]


async def show_login(request: _Request) -> HtmlPage:
    """Ask for name and password."""
    speak_with(request)
    return _html(render_login("", root=root_of(request)))


async def log_in(ctx: CoreContext, request: _Request) -> Response[None]:
    """Begin a session with what the form holds."""
    form = await _form(request)
    entered = await enter(ctx, request, form.get("name", ""), form.get("password", ""))
    return _inside(ctx, request, entered)


async def log_in_by_link(
    ctx: CoreContext, request: _Request, code: str
) -> Response[None]:
    """Exchange a one-time code for a guest's session, then show the start page."""
    entrance = ctx.host.security.entrance
    return _inside(ctx, request, await entrance.log_in(code, attempt_of(ctx, request)))


async def show_setup(ctx: CoreContext, request: _Request, code: str) -> HtmlPage:
    """Ask for the first administrator; looking at the link does not use it up."""
    await _require(ctx, "setup", code)
    speak_with(request)
    return _html(render_password("setup", "", root=root_of(request)))


async def set_up(ctx: CoreContext, request: _Request, code: str) -> Response[None]:
    """Make the first administrator with what the form holds."""
    form = await _form(request)
    attempt = attempt_of(ctx, request, form.get("name", ""), form.get("password", ""))
    wanted = NewPerson(name=attempt.name, role="admin")
    entered = await ctx.host.security.entrance.set_up(code, wanted, attempt)
    return _inside(ctx, request, entered, "/ui/nxforge/setup")


async def show_reset(ctx: CoreContext, request: _Request, code: str) -> HtmlPage:
    """Ask for a new password; looking at the link does not use it up."""
    name = await _require(ctx, "reset", code)
    speak_with(request)
    return _html(render_password("reset", name, root=root_of(request)))


async def reset(ctx: CoreContext, request: _Request, code: str) -> Response[None]:
    """Set the new password."""
    form = await _form(request)
    attempt = attempt_of(ctx, request, "", form.get("password", ""))
    entered = await ctx.host.security.entrance.reset(code, attempt)
    return _inside(ctx, request, entered)


async def _require(ctx: CoreContext, kind: Any, code: str) -> str:
    name = await ctx.host.security.links.find(kind, code)
    if name is None:
        raise DeadLinkError
    return name


async def _form(request: _Request) -> dict[str, str]:
    """The fields that are text; a browser says which page they come from."""
    check_origin(request.scope, strict=True)
    fields = await request.form()
    return {name: text for name, text in fields.items() if isinstance(text, str)}


def _inside(
    ctx: CoreContext, request: _Request, entered: Entered, path: str = "/"
) -> Response[None]:
    return Response(
        None,
        status_code=303,
        headers={"Location": root_of(request) + path, "Cache-Control": "no-store"},
        cookies=cookies_in(ctx, request, entered),
    )


def _html(text: str) -> HtmlPage:
    return HtmlPage(text, media_type=HTML, headers=PAGE_HEADERS)


async def log_out(ctx: CoreContext, request: CallerRequest) -> Response[None]:
    """End one's own session, and ask for the next one."""
    if request.user.session is not None:
        sessions = ctx.host.security.sessions
        await sessions.end(request.user.session, actor_of(request))
    headers = {"Location": f"{root_of(request)}/login", "Cache-Control": "no-store"}
    cookies = cookies_out(ctx, request)
    return Response(None, status_code=303, headers=headers, cookies=cookies)


ROUTES = [
    RouteSpec("POST", "/logout", log_out, permission="nxforge:me:read", status=303),
    RouteSpec("GET", "/login", show_login, public=True),
    RouteSpec("POST", "/login", log_in, public=True, status=303),
    RouteSpec("GET", "/login/{code:str}", log_in_by_link, public=True, status=303),
    RouteSpec("GET", "/setup/{code:str}", show_setup, public=True),
    RouteSpec("POST", "/setup/{code:str}", set_up, public=True, status=303),
    RouteSpec("GET", "/reset/{code:str}", show_reset, public=True, status=303),
    RouteSpec("POST", "/reset/{code:str}", reset, public=True, status=303),
]
