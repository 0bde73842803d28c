"""From a plugin's request to what is sent, and from a redirect to the next request."""

from __future__ import annotations

import base64
import re
from collections.abc import ItemsView, Mapping
from typing import Final, NamedTuple

import httpx

from nxforge_core.api import BasicAuth, DigestAuth, HttpRequest
from nxforge_core.api.errors import InvalidInputError

from ._certificate import Trust
from ._digest import Digest
from ._errors import OutboundRedirectError
from ._target import Target, next_target, shown_url

__all__ = ["Hop", "first_hop", "following_hop"]

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_UNSENDABLE: Final = re.compile(r"[^\t\x20-\x7e]")
#: What frames a message is for the client to say; a second opinion splits requests.
_FRAMING: Final = frozenset(
    {"connection", "content-length", "te", "trailer", "transfer-encoding", "upgrade"}
)
#: Written here, whatever the plugin says.
_OURS: Final = frozenset({"accept-encoding"})
_REDIRECT: Final = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD: Final = frozenset({307, 308})


class Hop(NamedTuple):
    """One request on the way to the answer."""

    method: str
    target: Target
    headers: Mapping[str, str]
    body: bytes | None

    def encoded(self, trust: Trust) -> httpx.Request:
        """As the transport takes it."""
        request = httpx.Request(
            self.method,
            self.target.url,
            headers=self.headers,
            content=self.body,
            extensions={"wire": self.target.wire, "trust": trust},
        )
        request.headers = _Headers(request.headers)
        return request

    def answering(self, digest: Digest, auth: DigestAuth) -> Hop:
        """The same request with an answer to the device's challenge."""
        uri = self.target.url.raw_path.decode("ascii")
        answer = digest.authorization(auth, self.method, uri, self.body or b"")
        return self._replace(headers={**self.headers, "Authorization": answer})


def first_hop(request: HttpRequest, target: Target) -> Hop:
    """What is sent first.

    Raises:
        InvalidInputError: a header cannot be sent.
    """
    headers = {"User-Agent": "nxforge", "Accept-Encoding": "identity"}
    auth = request.auth or target.auth
    if isinstance(auth, BasicAuth):
        headers["Authorization"] = _basic(auth)
    given = {name.lower() for name in request.headers} - _OURS
    headers = {
        name: value for name, value in headers.items() if name.lower() not in given
    }
    headers.update(_checked(request.headers))
    return Hop(request.method, target, headers, request.body)


def following_hop(hop: Hop, status: int, location: str | None) -> Hop | None:
    """What is sent after this answer; None if it redirects nowhere.

    Raises:
        OutboundRedirectError: it redirects to another scheme, host or port.
    """
    if status not in _REDIRECT or not location:
        return None
    target = next_target(hop.target, location)
    if target is None or not target.same_origin(hop.target):
        raise OutboundRedirectError(
            hop.target.shown,
            shown_url(location),
            "and only redirects to the same scheme, host and port are followed",
        )
    if hop.method == "GET" or status in _KEEPS_METHOD:
        return hop._replace(target=target)
    headers = {n: v for n, v in hop.headers.items() if n.lower() != "content-type"}
    return Hop("GET", target, headers, None)


class _Headers(httpx.Headers):
    """Names as they were written: the servers in old devices tell `host` from `Host`.

    The transport hands `items` to aiohttp, and httpx has them in lower case.
    """

    def items(self) -> ItemsView[str, str]:
        return {
            name.decode("ascii"): value.decode("ascii") for name, value in self.raw
        }.items()


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _NAME.match(name) or name.lower() in _FRAMING:
            raise InvalidInputError(
                field="header name",
                value=name,
                remedy="leave it out: it is no header name, or the client writes it",
            )
        if _UNSENDABLE.search(value):
            raise InvalidInputError(
                field=f"header {name}",
                value="***",
                remedy="remove what is not printable ASCII from its value",
            )
    return {name: value for name, value in headers.items() if name.lower() not in _OURS}


def _basic(auth: BasicAuth) -> str:
    plain = f"{auth.username}:{auth.password}".encode()
    return f"Basic {base64.b64encode(plain).decode()}"
