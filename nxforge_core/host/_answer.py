"""An answer that is sent as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response

__all__ = ["Answer"]

#: Statuses whose answers have no body (RFC 9110 6.4.1).
_WITHOUT_BODY: Final = frozenset({204, 304})


class Answer(Response[bytes]):
    """Bytes with their head, both made before.

    A Litestar `Response` would find out once more what is known here; leaving that
    out is worth a fifth of a short request.

    Args:
        body: Encoded.
        status: HTTP status.
        media: Content type.
        headers: Further ones; names in lower case, Latin-1.
    """

    # The base class has nothing to set up: what Litestar asks of a response is
    # answered below.
    def __init__(
        self,
        body: bytes,
        status: int,
        media: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.body = b"" if status in _WITHOUT_BODY else body
        self.status_code = status
        self.media = media
        self.extra = headers or {}

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        """Answer itself: nothing is left to be made."""
        return self.send

    async def send(self, scope: Any, receive: Any, send: Any) -> None:
        """Send head and body."""
        del scope, receive  # ASGI hands them over
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self._head(),
            }
        )
        await send({"type": "http.response.body", "body": self.body})

    def _head(self) -> list[tuple[bytes, bytes]]:
        head = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in self.extra.items()
        ]
        if self.status_code not in _WITHOUT_BODY:
            head.append((b"content-type", self.media.encode("latin-1")))
            head.append((b"content-length", b"%d" % len(self.body)))
        return head
