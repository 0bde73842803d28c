"""The one way out of a page: a proxy that lets it reach its own host and no other."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from nxforge_core.services._address import (
    AddressPolicy,
    check_address,
    literal_address,
)

from ._socks import Reply, SocksError, answer, greet

__all__ = ["MOST", "Gate", "Way"]

_HERE: Final = "127.0.0.1"
_PIECE: Final = 65_536
#: Seconds to say where to, and to be connected.
_PATIENCE: Final = 10.0
#: Bytes that all parts of a page may have together.
MOST: Final = 32 * 1024 * 1024


@dataclass(slots=True)
class Way:
    """Where the page of one visit may go.

    Attributes:
        host: Its own, as Chromium spells it.
        addresses: Of this host, looked up once: a name cannot mean another address
            later in the same visit.
        refused: What it wanted beside that.
        failure: Why its own host could not be reached, if so.
        left: Bytes it may still be sent.
    """

    host: str
    addresses: tuple[str, ...]
    refused: list[str] = field(default_factory=list)
    failure: OSError | None = None
    left: int = MOST

    def leads_to(self, host: str) -> bool:
        """Whether this is the page's own host."""
        plain = host.rstrip(".").lower()
        return plain == self.host or literal_address(plain) == self.host


class Gate:
    """The proxy of one lane of the browser. Closed unless a visit opens it.

    Every connection asks the policy with its final address, and all of them end with
    the visit.
    """

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._way: Way | None = None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.proxy = ""

    async def start(self) -> None:
        """Listen, on loopback only."""
        self._server = await asyncio.start_server(self._serve, _HERE, 0)
        port = self._server.sockets[0].getsockname()[1]
        self.proxy = f"socks5://{_HERE}:{port}"

    async def renew(self) -> None:
        """Listen elsewhere: who knows the old place finds nobody there any more."""
        self.stop()
        await self.start()

    def stop(self) -> None:
        """End everything."""
        self._cut()
        if self._server is not None:
            self._server.close()

    @contextmanager
    def admit(self, way: Way) -> Iterator[None]:
        """Open it for the time of a visit."""
        self._way = way
        try:
            yield
        finally:
            self._way = None
            self._cut()

    def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._open.add(writer)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, SocksError):
                async with asyncio.timeout(_PATIENCE):
                    far = await self._connected(reader, writer)
                if far is not None:
                    await self._join(reader, writer, *far)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        host, port = await greet(reader, writer)
        way = self._way
        if way is None or not way.leads_to(host):
            if way is not None:
                way.refused.append(f"{host}:{port}")
            answer(writer, Reply.REFUSED)
            return None
        for address in way.addresses:
            try:
                far = await self._reach(address, port)
            except OSError as error:
                way.failure = error
            else:
                answer(writer, Reply.OK)
                return far
        answer(writer, Reply.UNREACHABLE)
        return None

    async def _reach(
        self, address: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        check_address(self._policy, address, port)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return await asyncio.open_connection(address, port, family=family)

    async def _join(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        self._open.add(far_writer)
        try:
            if (way := self._way) is None:
                return  # the visit ended while it was being reached
            async with asyncio.TaskGroup() as group:
                upward = group.create_task(_pump(reader, far_writer))
                await _pump(far_reader, writer, way)
                upward.cancel()
        except* OSError:
            pass
        finally:
            self._open.discard(far_writer)
            far_writer.close()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way | None = None
) -> None:
    """Pass on what comes until it ends; then the other side ends too."""
    while piece := await reader.read(_PIECE):
        if way is not None:
            way.left -= len(piece)
            if way.left < 0:
                break
        writer.write(piece)
        await writer.drain()
    writer.close()
