"""One outgoing request and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

__all__ = ["BasicAuth", "HttpRequest", "HttpResponse"]


class BasicAuth(msgspec.Struct, frozen=True):
    """RFC 7617 credentials. Never sent to another host than the request's."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"BasicAuth(username={self.username!r}, password='***')"


class HttpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request to a device.

    Attributes:
        url: Absolute, `http` or `https`.
        timeout: Seconds for the whole exchange, from name look-up to the last byte.
        max_bytes: Limit of the body as sent; inflated it may be four times that.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    auth: BasicAuth | None = None
    timeout: float = 10.0
    max_bytes: int = 524_288


class HttpResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of a device.

    Attributes:
        headers: Names in lower case; of a repeated header the last value.
        body: Inflated.
        url: Where the answer came from, after redirects.
        elapsed: Seconds from the start to the last byte.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    elapsed: float
