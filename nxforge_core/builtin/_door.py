"""What a request says of who is at the door, and the cookies it leaves with."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request
from litestar.datastructures import Cookie

from nxforge_core.api import AccessError
from nxforge_core.security.people import Attempt, Entered, Origin
from nxforge_core.services import request_id
from nxforge_core.ui import speak_to

from ._context import CoreContext

__all__ = [
    "attempt_of",
    "cookies_in",
    "cookies_out",
    "enter",
    "is_secure",
    "root_of",
    "speak_with",
]

_DEVICE_SECONDS: Final = 180 * 86_400
_SHOWN: Final = 64

_Request = Request[Any, Any, Any]


def root_of(request: _Request) -> str:
    """The path the host is mounted at, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def speak_with(request: _Request) -> None:
    """Say what is said from here on in the language that the browser asks for."""
    speak_to(request.headers.get("accept-language", ""))


def attempt_of(
    ctx: CoreContext, request: _Request, name: str = "", password: str = ""
) -> Attempt:
    """Somebody at the door, with what the browser holds."""
    secure, names = is_secure(request), ctx.host.security.cookies
    return Attempt(
        name=name,
        password=password,
        origin=Origin(
            request.client.host if request.client else "",
            request.headers.get("user-agent", ""),
        ),
        device=request.cookies.get(names.device(secure=secure), ""),
        session=request.cookies.get(names.session(secure=secure), ""),
        request=request_id.get() or "",
    )


async def enter(
    ctx: CoreContext, request: _Request, name: str, password: str
) -> Entered:
    """Begin a session with a password; what fails is in the log.

    Raises:
        AccessError: name and password do not fit, or too many failed before.
    """
    attempt = attempt_of(ctx, request, name, password)
    try:
        return await ctx.host.security.logins.enter(attempt)
    except AccessError as error:
        facts = {"name": name[:_SHOWN], "peer": attempt.origin.address}
        ctx.log.warning("login failed", why=error.code, **facts)
        raise


def cookies_in(ctx: CoreContext, request: _Request, entered: Entered) -> list[Cookie]:
    """What the browser holds from now on."""
    secure, names = is_secure(request), ctx.host.security.cookies
    seconds = int((entered.session.ends_at - ctx.clock.now()).total_seconds())
    made = [
        _cookie(request, names.session(secure=secure), entered.session.text, seconds)
    ]
    if entered.device:
        name = names.device(secure=secure)
        made.append(_cookie(request, name, entered.device, _DEVICE_SECONDS))
    return made


def cookies_out(ctx: CoreContext, request: _Request) -> list[Cookie]:
    """The session is gone; the browser stays known."""
    name = ctx.host.security.cookies.session(secure=is_secure(request))
    return [_cookie(request, name, "", 0)]


def _cookie(request: _Request, name: str, value: str, seconds: int) -> Cookie:
    secure = is_secure(request)
    return Cookie(
        key=name,
        value=value,
        max_age=seconds,
        # Browsers take a cookie that begins with `__Host-` for the whole host only.
        path="/" if secure else root_of(request) or "/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def is_secure(request: _Request) -> bool:
    """Whether it came over TLS, to this host or to a proxy that is trusted."""
    return request.scope.get("scheme") == "https"
