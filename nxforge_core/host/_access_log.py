"""The access log: lines are gathered and written together, off the request's path."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TextIO

from nxforge_core.host._encode import encode
from nxforge_core.host._request import AccessLine

__all__ = ["AccessLog"]

_FLUSH_SECONDS: Final = 0.25


class AccessLog:
    """Writes one JSON line for each request to a stream."""

    def __init__(
        self, stream: TextIO | None = None, now: Callable[[], datetime] | None = None
    ) -> None:
        self._stream = stream or sys.stderr
        self._now = now or (lambda: datetime.now(UTC))
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
        self._timer = None
        lines, self._lines = self._lines, []
        at = self._now()
        self._stream.write("".join(_text(at, line) for line in lines))
        self._stream.flush()


def _text(at: datetime, line: AccessLine) -> str:
    method, path, status, seconds, identity, address = line
    members = {
        "at": at,
        "event": "request",
        "method": method,
        "path": path,
        "status": status,
        "ms": round(seconds * 1000, 2),
        "request_id": identity,
        "peer": address,
    }
    return encode(members).decode() + "\n"
