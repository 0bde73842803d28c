"""A load generator on keep-alive connections: it counts answers and wrong statuses."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

__all__ = ["Rate", "requests_per_second"]

_CONNECTIONS: Final = 32


@dataclass(frozen=True, slots=True)
class Rate:
    """What one round of load came to."""

    per_second: float
    wrong: int


class _Client(asyncio.Protocol):
    """Sends its request again as soon as the answer, of known length, is complete."""

    def __init__(self, request: bytes, counts: list[int]) -> None:
        self._request = request
        self._counts = counts
        self._buffer = b""
        self._length = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(self._request)  # type: ignore[attr-defined]  # a TCP transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._length:
            self._length = _answer_length(self._buffer)
        if self._length and len(self._buffer) >= self._length:
            self._counts[0] += 1
            self._counts[1] += not self._buffer.startswith(b"HTTP/1.1 200")
            self._buffer, self._length = b"", 0
            self._transport.write(self._request)  # type: ignore[attr-defined]  # likewise


def _answer_length(buffer: bytes) -> int:
    head, found, _ = buffer.partition(b"\r\n\r\n")
    if not found:
        return 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(head) + 4 + int(line.partition(b":")[2])
    return 0


async def requests_per_second(
    port: int, path: str, seconds: float, token: str = ""
) -> Rate:
    """Load a server on loopback for some seconds.

    Args:
        port: Where it listens.
        path: What is asked for.
        seconds: How long.
        token: Sent as a bearer token if given.
    """
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    request = "\r\n".join([*lines, "", ""]).encode()
    counts = [0, 0]
    loop = asyncio.get_running_loop()
    connections = [
        await loop.create_connection(
            lambda: _Client(request, counts), "127.0.0.1", port
        )
        for _ in range(_CONNECTIONS)
    ]
    began, before = time.perf_counter(), counts[0]
    await asyncio.sleep(seconds)
    rate = (counts[0] - before) / (time.perf_counter() - began)
    for transport, _ in connections:
        transport.abort()
    return Rate(rate, counts[1])
