"""The requests of one poll: all before one deadline, all to one place."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from nxforge_core.api import (
    BasicAuth,
    DigestAuth,
    Http,
    HttpRequest,
    HttpResponse,
    HttpSession,
    OutboundError,
    OutboundTimeoutError,
)

from ._errors import LoginPageError
from ._redact import redact
from ._request import PageRequest

__all__ = ["Asking", "plain"]

_PORTS: Final = {"http": 80, "https": 443}


class Asking:
    """Asks for a page and for what has to come before it.

    Args:
        http: Sends.
        request: Its limits and its TLS mode hold for every request.
    """

    def __init__(self, http: Http, request: PageRequest) -> None:
        self._http = http
        self._request = request
        self._now = asyncio.get_running_loop().time
        self._deadline = self._now() + request.timeout_s
        self._secrets = request.auth.shapes()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that must not appear in anything that is stored or logged."""
        return self._secrets

    def hide(self, secrets: tuple[str, ...]) -> None:
        """Name more of them: a token is one that the device has made."""
        self._secrets += secrets

    async def ask(
        self,
        url: str,
        *,
        method: Literal["GET", "POST"] = "GET",
        headers: Mapping[str, str],
        body: bytes | None = None,
        auth: BasicAuth | DigestAuth | None = None,
        session: HttpSession | None = None,
    ) -> HttpResponse:
        """Exchange one request.

        Raises:
            OutboundError: no complete answer before the deadline of all.
        """
        request, left = self._request, self._deadline - self._now()
        if left <= 0:
            raise OutboundTimeoutError(plain(url), request.timeout_s)
        try:
            return await self._http.fetch(
                HttpRequest(
                    url=url,
                    method=method,
                    headers=headers,
                    body=body,
                    auth=auth,
                    timeout=left,
                    max_bytes=request.max_bytes,
                    session=session,
                    tls=request.tls,
                    pin=request.pin,
                )
            )
        except OutboundTimeoutError as error:
            shown = redact(error.url, self._secrets)
            raise OutboundTimeoutError(shown, request.timeout_s) from error
        except OutboundError as error:
            # A token in the query is in the URL that the message names.
            error.message = redact(error.message, self._secrets)
            error.args = (error.message,)
            raise

    def place(self, link: str, page: str = "") -> str:
        """URL of a link on a page, by default on the page that is asked for.

        Raises:
            LoginPageError: it leads to another scheme, host or port, where nobody
                wants the password to go.
        """
        base = page or self._request.url
        url = _joined(base, link)
        if _origin(url) != _origin(self._request.url):
            raise LoginPageError(plain(base), f"{link!r} is at another place")
        return url


def plain(url: str) -> str:
    """The URL without its query, which may carry secrets."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", None, None
