"""Who calls, and whether they may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from nxforge_core.api import ForbiddenError, UnauthenticatedError
from nxforge_core.security import SESSION_COOKIE, Principal

__all__ = ["Access", "Authenticator", "permission_guard"]

_Headers = Any
_Guard = Callable[
    [ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]
]

_COOKIE: Final = SESSION_COOKIE.encode()


class Authenticator(Protocol):
    """Turns the text of a token into the one who holds it."""

    async def principal(self, token: str) -> Principal | None:
        """The holder, or None if the token is unknown, expired or revoked."""
        ...


class Access:
    """Authentication of requests, by bearer token or, to read pages, by cookie."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    async def identify(self, headers: _Headers, *, cookie: bool) -> Principal:
        """The caller of a request.

        Args:
            headers: Pairs of bytes as ASGI has them, names in lower case.
            cookie: Whether the cookie of a session counts.

        Raises:
            UnauthenticatedError: no credential, or one that is not accepted.
        """
        token = _bearer(headers)
        if token is None and cookie:
            token = _session(headers)
        if token is None:
            raise UnauthenticatedError(reason="the request carries none")
        principal = await self._authenticator.principal(token)
        if principal is None:
            raise UnauthenticatedError(reason="this one is unknown, expired or revoked")
        return principal


def permission_guard(access: Access, permission: str, path: str) -> _Guard:
    """A Litestar guard that lets only holders of the permission through.

    Args:
        access: Knows the callers.
        permission: What they need.
        path: Of the route, not of the request: what a request makes of it by extra
            slashes or a mount decides nothing.
    """
    # The cookie opens pages only: every API route needs the header, which no other
    # site can make a browser send.
    cookie = not path.startswith("/api/")

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        scope = connection.scope
        principal = await access.identify(scope["headers"], cookie=cookie)
        if not principal.may(permission):
            raise ForbiddenError(permission, principal.name)
        scope["user"] = principal

    return guard


def _bearer(headers: _Headers) -> str | None:
    """The token of the first header that carries one; other schemes are a proxy's."""
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.partition(b" ")
            if scheme.lower() == b"bearer":
                return str(token, "latin-1").strip()
    return None


def _session(headers: _Headers) -> str | None:
    """The first cookie of the name; one that others garbled does not hide it."""
    for name, value in headers:
        if name == b"cookie":
            for pair in value.split(b";"):
                key, _, text = pair.strip().partition(b"=")
                if key == _COOKIE:
                    return str(text, "latin-1").strip('"')
    return None
