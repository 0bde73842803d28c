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
        accepted: How many connections came so far.
        held: How many pieces of data were kept back so far.
    """

    def __init__(self, connect: Callable[[], Awaitable[_Streams]]) -> None:
        self._connect = connect
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.accepted = 0
        self.held = 0
        self._flows = asyncio.Event()
        self._flows.set()

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

    async def hold(self) -> None:
        """Be a black hole: take connections and bytes, and pass nothing on."""
        self._flows.clear()

    async def let_go(self) -> None:
        """Pass on what was held, and whatever comes."""
        self._flows.set()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        near, far = writer, None
        self._open.add(near)
        self.accepted += 1
        try:
            await self._flows.wait()
            far_reader, far = await self._connect()
            self._open.add(far)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._copy(reader, far))
                group.create_task(self._copy(far_reader, near))
        except* OSError:
            pass
        finally:
            for each in (near, far):
                if each is not None:
                    self._open.discard(each)
                    each.transport.abort()

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            self.held += not self._flows.is_set()
            await self._flows.wait()
            writer.write(data)
            await writer.drain()
        writer.close()
