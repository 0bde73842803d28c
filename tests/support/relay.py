"""A network between a host and its database that a test can cut."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

__all__ = ["Relay"]

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Relay:
    """Listens on loopback and passes bytes on to where `connect` leads.

    Attributes:
        port: Stays the same through cuts.
    """

    def __init__(self, connect: Callable[[], Awaitable[_Streams]]) -> None:
        self._connect = connect
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def mend(self) -> None:
        """Let connections through."""
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break what is open and refuse what comes."""
        if self._server is not None:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        near, far = writer, None
        self._open.add(near)
        try:
            far_reader, far = await self._connect()
            self._open.add(far)
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, far))
                group.create_task(_copy(far_reader, near))
        except* OSError:
            pass
        finally:
            for each in (near, far):
                if each is not None:
                    self._open.discard(each)
                    each.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
