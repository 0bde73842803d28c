"""HTTP on the wire: uvicorn's protocol with the bounds that it leaves to proxies."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["MAX_FIELDS", "MAX_HEAD", "BoundedProtocol"]

#: Bytes of the first line and the headers together, and how many headers.
MAX_HEAD: Final = 32_768
MAX_FIELDS: Final = 100

_LARGE: Final = b"431 Request Header Fields Too Large"
_LATE: Final = b"408 Request Timeout"


class _TooLargeError(Exception):
    pass


class BoundedProtocol(HttpToolsProtocol):
    """Refuses heads that are too large and requests that never end.

    uvicorn learns of a header when all of it has come, and waits for that for ever.

    Attributes:
        head_seconds: Until a head has to be there.
        request_seconds: Until the whole request has to be there: five megabytes on a
            slow line.
    """

    head_seconds: ClassVar[float] = 10.0
    request_seconds: ClassVar[float] = 60.0

    _stage = "idle"
    _fields = 0
    _size = 0
    _unread = 0
    _fresh = False
    _too_large = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Give the first head its time."""
        super().connection_made(transport)
        self._limit(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._limit(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and see how much and for how long more may come."""
        before = self._stage
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._stage == "body":
            if before != "body":
                self._limit(self.request_seconds)
        elif self._stage == "head" or self._is_done():
            self._bound(len(data))
        else:
            self._limit(None)

    def on_message_begin(self) -> None:
        """Begin to count anew."""
        super().on_message_begin()
        self._stage, self._fresh = "head", True
        self._size = self._fields = self._unread = 0

    def on_url(self, url: bytes) -> None:
        """Count it."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count it; one that comes after the body counts and is passed over."""
        self._fields += 1
        self._count(len(name) + len(value))
        if self._stage == "head":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Let the application begin."""
        super().on_headers_complete()
        self._stage = "body"

    def on_message_complete(self) -> None:
        """The request is whole."""
        super().on_message_complete()
        self._stage = "idle"

    def send_400_response(self, msg: str) -> None:
        """Say what was wrong, where it was the size."""
        if self._too_large:
            self._refuse(_LARGE)
        else:
            super().send_400_response(msg)

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_HEAD or self._fields > MAX_FIELDS:
            self._too_large = True
            raise _TooLargeError  # the parser ends with it

    def _bound(self, size: int) -> None:
        # What the head began with may have brought the end of another request along.
        self._unread += 0 if self._fresh else size
        self._fresh = False
        if self._unread > MAX_HEAD:
            self._refuse(_LARGE)
        elif self._deadline is None:
            self._limit(self.head_seconds)

    def _is_done(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _limit(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if seconds is not None:
            self._deadline = self.loop.call_later(seconds, self._refuse, _LATE)

    def _refuse(self, status: bytes) -> None:
        if self._stage == "body":
            silent = self.cycle.response_started
        else:
            silent = not self._is_done()
        if not silent:
            head = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(b"HTTP/1.1 " + status + head)
        self.transport.close()
