"""Who calls, and whether they may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from nxforge_core.api import ForbiddenError, UnauthenticatedError
from nxforge_core.security import Principal
from nxforge_core.security.people import CookieNames, check_origin

from ._throttle import Throttle
from ._visitor import Visitors

__all__ = ["Access", "Authenticator", "permission_guard", "public_guard"]

_Headers = Any
_Guard = Callable[
    [ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]
]

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Authenticator(Protocol):
    """Turns the text of a token or a session into the one who holds it."""

    async def bearer(self, token: str) -> Principal | None:
        """The holder, or None if the token is unknown, expired or revoked."""
        ...

    async def session(self, text: str) -> Principal | None:
        """Who is logged in, or None if the session is unknown or has ended."""
        ...


class Access:
    """Authentication of requests, by bearer token or by the cookie of a session.

    A browser adds the cookie to what other sites make it send, too: what changes
    something counts only where the browser says that one of our own pages asks.

    Args:
        authenticator: Knows tokens and sessions.
        cookies: Names of this installation's cookies.
        throttle: Slows down who asks too often; by default nobody.
        visitors: Those whom an outer application knows, asked for first.
    """

    def __init__(
        self,
        authenticator: Authenticator,
        cookies: CookieNames,
        throttle: Throttle | None = None,
        visitors: Visitors | None = None,
    ) -> None:
        self._visitors = visitors
        self._authenticator = authenticator
        self._throttle = throttle or Throttle()
        self._names = {
            secure: cookies.session(secure=secure).encode() for secure in (False, True)
        }

    def visit(self, scope: Any) -> None:
        """Count a request that anybody may send.

        Raises:
            TooManyRequestsError: its address sent too many of them.
        """
        self._throttle.stranger(scope)

    async def identify(self, scope: Any) -> Principal:
        """The caller of a request.

        Raises:
            UnauthenticatedError: no credential, or one that is not accepted.
            CrossOriginError: another site makes a browser send it.
            TooManyRequestsError: the caller, or a stranger's address, sent too many.
        """
        visitor = await self._visitor(scope)
        return visitor or await self._own(scope)

    async def _visitor(self, scope: Any) -> Principal | None:
        found = await self._visitors.find(scope) if self._visitors else None
        if found is None:
            return None
        principal, visitor = found
        if visitor.ambient and scope["method"] not in _SAFE:
            check_origin(scope, strict=True)
        self._throttle.caller(principal)
        return principal

    async def _own(self, scope: Any) -> Principal:
        headers = scope["headers"]
        text, is_token = _bearer(headers), True
        if text is None:
            text, is_token = _cookie(headers, self._name(scope)), False
        if text is None:
            self._throttle.stranger(scope)
            raise UnauthenticatedError(reason="the request carries none")
        self._throttle.look(scope, text)
        known = self._authenticator
        principal = await (known.bearer(text) if is_token else known.session(text))
        if principal is None:
            self._throttle.stranger(scope)
            raise UnauthenticatedError(reason="this one is unknown, expired or revoked")
        if not is_token and scope["method"] not in _SAFE:
            check_origin(scope, strict=True)
        self._throttle.caller(principal, text)
        return principal

    def _name(self, scope: Any) -> bytes:
        return self._names[scope.get("scheme") == "https"]


def permission_guard(access: Access, permission: str) -> _Guard:
    """A Litestar guard that lets only holders of the permission through.

    Args:
        access: Knows the callers.
        permission: What they need.
    """

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        scope = connection.scope
        principal = await access.identify(scope)
        if not principal.may(permission):
            raise ForbiddenError(permission, principal.name)
        scope["user"] = principal

    return guard


def public_guard(access: Access) -> _Guard:
    """A Litestar guard that lets everybody through, each address so often.

    Args:
        access: Counts them.
    """

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        access.visit(connection.scope)

    return guard


def _bearer(headers: _Headers) -> str | None:
    """The token of the first header that carries one; other schemes are a proxy's."""
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.partition(b" ")
            if scheme.lower() == b"bearer":
                return str(token, "latin-1").strip()
    return None


def _cookie(headers: _Headers, wanted: bytes) -> str | None:
    """The first cookie of the name; one that others garbled does not hide it."""
    for name, value in headers:
        if name == b"cookie":
            for pair in value.split(b";"):
                key, _, text = pair.strip().partition(b"=")
                if key == wanted:
                    return str(text, "latin-1").strip('"')
    return None
