"""Unpacking an answer bit by bit, so that a bomb stops early."""

from __future__ import annotations

import zlib
from typing import Final

from nxforge_core.api.errors import OutboundTooLargeError

from ._errors import OutboundAnswerError

__all__ = ["Inflater"]

_PIECE: Final = 65_536
_GZIP_START: Final = b"\x1f"
_WINDOW: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_RAW_WINDOW: Final = -15


class Inflater:
    """Collects a body that arrives in pieces, unpacked.

    Args:
        url: For the words of an error.
        encoding: The `Content-Encoding` of the answer; empty or `identity` for none.
        limit: Bytes of the unpacked body at the most.

    Raises:
        OutboundAnswerError: the encoding is none of gzip, deflate and identity.
    """

    def __init__(self, url: str, encoding: str, limit: int) -> None:
        self._url = url
        self._coding = encoding.strip().lower() or "identity"
        self._limit = limit
        self._body = bytearray()
        self._head = b""
        self._stream: zlib._Decompress | None = None
        if self._coding != "identity" and self._coding not in _WINDOW:
            raise OutboundAnswerError(url, f"its encoding {encoding!r} is not known")

    def feed(self, data: bytes) -> None:
        """Take the next piece as it came.

        Raises:
            OutboundTooLargeError: more than `limit` bytes came out.
            OutboundAnswerError: the packed data is broken.
        """
        if self._coding == "identity":
            self._keep(data)
            return
        try:
            self._unpack(data)
        except zlib.error as error:
            raise OutboundAnswerError(self._url, "its packed body is broken") from error

    def finish(self) -> bytes:
        """The whole body.

        Raises:
            OutboundAnswerError: the packed data ends early.
        """
        if self._stream is not None:
            self._keep(self._stream.flush())
        if self._stream is not None and not self._stream.eof:
            raise OutboundAnswerError(self._url, "its packed body ends early")
        return bytes(self._body)

    def _unpack(self, data: bytes) -> None:
        stream = self._stream
        if stream is None:
            self._head = data = self._head + data
            if len(data) < 2:  # noqa: PLR2004 - the two bytes that tell the format
                return
            stream = self._stream = zlib.decompressobj(_window(self._coding, data))
        while data:
            self._keep(stream.decompress(data, _PIECE))
            data = stream.unconsumed_tail
            if stream.eof and stream.unused_data.startswith(_GZIP_START):
                data = stream.unused_data  # gzip may have several members
                stream = self._stream = zlib.decompressobj(_WINDOW["gzip"])

    def _keep(self, piece: bytes) -> None:
        self._body += piece
        if len(self._body) > self._limit:
            raise OutboundTooLargeError(self._url, self._limit, "inflated body")


def _window(coding: str, start: bytes) -> int:
    """`deflate` means zlib by the standard and raw deflate by old servers' habit."""
    method, check = start[0] & 0x0F, int.from_bytes(start[:2], "big") % 31
    if coding == "deflate" and (method, check) != (zlib.DEFLATED, 0):
        return _RAW_WINDOW
    return _WINDOW[coding]
