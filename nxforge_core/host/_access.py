"""Who calls, and whether they may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any, Protocol

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from nxforge_core.api import ForbiddenError, UnauthenticatedError
from nxforge_core.security import SESSION_COOKIE, Principal

__all__ = ["Access", "Authenticator", "permission_guard"]

_Scope = Any
_Guard = Callable[
    [ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]
]


class Authenticator(Protocol):
    """Turns the text of a token into the one who holds it."""

    async def principal(self, token: str) -> Principal | None:
        """The holder, or None if the token is unknown, expired or revoked."""
        ...


class Access:
    """Authentication of requests, by bearer token or, to read pages, by cookie."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    async def identify(self, scope: _Scope) -> Principal:
        """The caller of a request.

        Raises:
            UnauthenticatedError: no credential, or one that is not accepted.
        """
        token = _token(scope)
        if token is None:
            raise UnauthenticatedError(reason="the request carries none")
        principal = await self._authenticator.principal(token)
        if principal is None:
            raise UnauthenticatedError(reason="this one is unknown, expired or revoked")
        return principal


def permission_guard(access: Access, permission: str) -> _Guard:
    """A Litestar guard that lets only holders of the permission through."""

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        principal = await access.identify(connection.scope)
        if not principal.may(permission):
            raise ForbiddenError(permission, principal.name)
        connection.scope["user"] = principal

    return guard


def _token(scope: _Scope) -> str | None:
    cookie = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == "bearer" else None
        if name == b"cookie":
            cookie = value
    # The cookie opens pages only: every API route needs the header, which no other
    # site can make a browser send.
    if cookie is None or scope["path"].startswith("/api/"):
        return None
    jar = SimpleCookie(cookie.decode("latin-1"))
    return jar[SESSION_COOKIE].value if SESSION_COOKIE in jar else None
