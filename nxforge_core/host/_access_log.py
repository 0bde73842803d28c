"""The access log: lines are gathered and written together, off the request's path."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import Final, TextIO

from ._encode import encode
from ._request import AccessLine
from ._scope import shown

__all__ = ["AccessLog"]

_FLUSH_SECONDS: Final = 0.25


class AccessLog:
    """Writes one JSON line for each request to a stream."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._lines: list[AccessLine] = []
        self._timer: asyncio.TimerHandle | None = None

    def record(self, line: AccessLine) -> None:
        """Note a request; it is written within a quarter of a second."""
        self._lines.append(line)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what is gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lines, self._lines = self._lines, []
        if lines:
            self._stream.write("".join(map(_text, lines)))
            self._stream.flush()


def _text(line: AccessLine) -> str:
    at, method, path, status, seconds, identity, address = line
    members = {
        "at": datetime.fromtimestamp(at, UTC),
        "event": "request",
        "method": _plain(method),
        "path": _plain(shown(path)),
        "status": status,
        "ms": round(seconds * 1000, 2),
        "request_id": identity,
        "peer": address,
    }
    return encode(members).decode() + "\n"


def _plain(text: str) -> str:
    """Text that can be encoded: a server may hand on what was no UTF-8."""
    return text if text.isascii() else text.encode(errors="replace").decode()
