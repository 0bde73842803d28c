"""What an `HttpSession` stands for: cookies of one host, and its digest challenge."""

from __future__ import annotations

from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.request import Request
from weakref import WeakKeyDictionary

import httpx

from nxforge_core.api import HttpSession
from nxforge_core.api.errors import InvalidInputError

from ._digest import Digest

__all__ = ["Kept", "KeptSessions"]

#: A login needs a few; a device that sets a new one each time must not fill memory.
_COOKIES: Final = 50
_COOKIE_BYTES: Final = 4096


class Kept:
    """What is kept of one host.

    Attributes:
        digest: Its last challenge.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        self.digest: Digest | None = None
        self._jar = CookieJar()
        self._jar.set_policy(_Few(self._jar))
        self._cookies = httpx.Cookies(self._jar)

    def add_cookies(self, request: httpx.Request) -> None:
        """Write the header `Cookie`, unless the request has its own."""
        if "cookie" not in request.headers:
            self._cookies.set_cookie_header(request)

    def take_cookies(self, response: httpx.Response) -> None:
        """Keep what the answer sets, and forget what it takes back."""
        if "set-cookie" in response.headers:
            self._cookies.extract_cookies(response)


class KeptSessions:
    """What is kept of all sessions, each as long as its caller holds it."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[HttpSession, Kept] = WeakKeyDictionary()

    def of(self, session: HttpSession | None, host: str) -> Kept | None:
        """What is kept of this session.

        Raises:
            InvalidInputError: the session is that of another host.
        """
        if session is None:
            return None
        kept = self._kept.get(session)
        if kept is None:
            kept = self._kept[session] = Kept(host)
        if kept.host != host:
            raise InvalidInputError(
                field="session",
                value=host,
                remedy=f"make another HttpSession: this one belongs to {kept.host}",
            )
        return kept


class _Few(DefaultCookiePolicy):
    """Takes few cookies, and none that is long."""

    def __init__(self, jar: CookieJar) -> None:
        super().__init__()
        self._jar = jar

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        size = len(cookie.name) + len(cookie.value or "")
        room = len(self._jar) < _COOKIES or self._is_known(cookie)
        return size <= _COOKIE_BYTES and room and super().set_ok(cookie, request)

    def _is_known(self, cookie: Cookie) -> bool:
        return any(_place(known) == _place(cookie) for known in self._jar)


def _place(cookie: Cookie) -> tuple[Any, ...]:
    return cookie.domain, cookie.path, cookie.name
