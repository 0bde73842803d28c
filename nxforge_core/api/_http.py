"""One outgoing request and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

__all__ = [
    "BasicAuth",
    "Certificate",
    "DigestAuth",
    "HttpRequest",
    "HttpResponse",
    "HttpSession",
    "TlsMode",
]

TlsMode = Literal["verify", "pinned", "insecure"]


class _Login(msgspec.Struct, frozen=True):
    username: str
    password: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}(username={self.username!r}, password='***')"


class BasicAuth(_Login, frozen=True):
    """RFC 7617 credentials. Never sent to another host than the request's."""


class DigestAuth(_Login, frozen=True):
    """RFC 7616 credentials, MD5 or SHA-256: the password itself is never sent.

    The first request is sent without, and the device's challenge is answered in a
    second one, both within `HttpRequest.timeout`. With an `HttpSession` the challenge
    is kept, and later requests need one exchange.
    """


class HttpSession:
    """What one caller and one host keep of each other: cookies, a digest challenge.

    Made by the caller and handed over with each request of the same conversation.
    Nothing else ever sees what is in it, it serves one host, and it ends when the
    caller forgets it::

        session = HttpSession()
        await ctx.http.fetch(HttpRequest(url=login, method="POST", session=session))
        page = await ctx.http.fetch(HttpRequest(url=url, session=session))
    """


class HttpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request to a device.

    Attributes:
        url: Absolute, `http` or `https`.
        timeout: Seconds for the whole exchange, from name look-up to the last byte.
        max_bytes: Limit of the body as sent; inflated it may be four times that.
        session: Sends its cookies, and keeps those that the answer sets.
        tls: `verify` asks the system's trust store. `pinned` accepts one certificate,
            whoever issued it and whatever its name and dates are. `insecure` accepts
            anybody, who may read and change everything.
        pin: Of `pinned`: SHA-256 of the certificate (DER) in hex, colons allowed.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    auth: BasicAuth | DigestAuth | None = None
    timeout: float = 10.0
    max_bytes: int = 524_288
    session: HttpSession | None = None
    tls: TlsMode = "verify"
    pin: str = ""


class Certificate(msgspec.Struct, frozen=True):
    """Who a device says it is.

    Attributes:
        sha256: Of its DER form, hex in lower case: what `HttpRequest.pin` takes.
        subject: As RFC 4514 writes it, for example `CN=pdu-7`.
        not_after: When it ends.
    """

    sha256: str
    subject: str
    not_after: datetime


class HttpResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of a device.

    Attributes:
        headers: Names in lower case; of a repeated header the last value.
        body: Inflated.
        url: Where the answer came from, after redirects.
        elapsed: Seconds from the start to the last byte.
        certificate: Of the connection the answer came over; None without TLS.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    elapsed: float
    certificate: Certificate | None = None
