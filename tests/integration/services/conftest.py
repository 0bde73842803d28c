"""Devices on loopback, spoken by hand, and the client that asks them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest

from nxforge_core.api import HttpRequest
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp

Talk: TypeAlias = Callable[
    [asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]
]


StartDevice: TypeAlias = Callable[[Talk | bytes], Awaitable["Device"]]


@dataclass
class Device:
    """A listening socket; `heads` keeps the head of every request it got."""

    talk: Talk
    port: int = 0
    connections: int = 0
    heads: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/"

    def request(self, **facts: object) -> HttpRequest:
        """A request to it."""
        return HttpRequest(**{"url": self.url, **facts})  # type: ignore[arg-type] # facts are the test's

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer requests until the other side or `talk` ends it."""
        self.connections += 1
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head.decode("latin-1"))
                await self.talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client hung up: its right
        finally:
            writer.close()


@pytest.fixture
async def device() -> AsyncIterator[StartDevice]:
    """Start a device: bytes are its answer to everything."""
    async with AsyncExitStack() as stack:

        async def start(talk: Talk | bytes) -> Device:
            made = Device(_says(talk) if isinstance(talk, bytes) else talk)
            server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
            stack.callback(server.close)
            made.port = server.sockets[0].getsockname()[1]
            return made

        yield start


@pytest.fixture
async def http() -> AsyncIterator[GuardedHttp]:
    """A client that may talk to 127.0.0.1 only."""
    made = GuardedHttp(NetworkPolicy.parse(["127.0.0.1"]))
    yield made
    await made.close()


def _says(answer: bytes) -> Talk:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        if b"content-length" not in answer.lower():
            writer.close()

    return talk
