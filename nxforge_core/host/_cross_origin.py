"""Pages of other origins that an administrator lets call the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ._answer import Answer
from ._encode import JSON
from ._methods import Send

__all__ = ["CrossOrigin"]

_Header = tuple[bytes, bytes]

#: Without `Access-Control-Allow-Credentials`: such pages bring a token, no cookie.
_ALLOWED: Final = {
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": "authorization, content-type, if-match, "
    "if-none-match, last-event-id, x-request-id",
    "access-control-max-age": "600",
    "vary": "origin",
}
_EXPOSED: Final = b"content-disposition, etag, location, retry-after, x-request-id"


class CrossOrigin:
    """Speaks CORS with the origins on the list, and with nobody else.

    Args:
        origins: Those of the setting `server.cors_origins`.
    """

    def __init__(self, origins: Iterable[str] = ()) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)

    def allows(self, origin: bytes) -> bool:
        """Whether pages of the origin may call."""
        return origin in self._origins

    def preflight(self, origin: bytes, method: str, headers: Any) -> Answer | None:
        """The answer to a browser that asks before it calls; None if it does not."""
        if method != "OPTIONS" or not self.allows(origin):
            return None
        if not any(name == b"access-control-request-method" for name, _ in headers):
            return None
        allowed = {"access-control-allow-origin": origin.decode("latin-1"), **_ALLOWED}
        return Answer(b"", 204, JSON, allowed)

    def telling(self, origin: bytes, send: Send) -> Send:
        """The same `send`, which lets a page of the origin read the answer."""
        if not self.allows(origin):
            return send
        extra: Sequence[_Header] = (
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", _EXPOSED),
            (b"vary", b"origin"),
        )

        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *extra]}
            await send(message)

        return told
