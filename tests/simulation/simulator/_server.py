"""The meters on loopback, each with a port of its own, in a process of their own.

Lines on standard input say what time it is in the world; each is answered by one line.
`hold` lets all answers wait, and is answered once somebody waits for one.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any

from ._meter import Meter
from ._pages import Page, page
from ._world import World, WorldSpec

__all__ = ["main"]

#: A round that polls anybody has asked by then.
_SOON = 15.0


class _Device:
    """A meter behind its port, which is closed while it is away."""

    def __init__(self, meter: Meter, bench: _Bench) -> None:
        self._meter = meter
        self._bench = bench
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._kept = b""
        self.port = 0

    async def listen(self, *, is_there: bool) -> None:
        """Open the port, or close it and whatever is connected."""
        if is_there and self._server is None:
            self._server = await asyncio.start_server(
                self._serve, "127.0.0.1", self.port
            )
            self.port = self._server.sockets[0].getsockname()[1]
        elif not is_there and self._server is not None:
            self._server.close()
            self._server = None
            for writer in self._open:
                writer.transport.abort()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._open.add(writer)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await self._bench.wait()
                await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # whoever asked is gone
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        answer = self._meter.answer(self._bench.now)
        if answer.fault == "slow":
            await reader.read()  # until whoever asked has had enough
            raise ConnectionAbortedError
        if answer.fault == "repeated":
            answered = self._kept
        else:
            answered = _bytes(page(self._meter.traits, answer))
        if not answer.fault:
            self._kept = answered
        if answer.fault == "cut_off":
            writer.write(answered[:-10])
            await writer.drain()
            raise ConnectionAbortedError
        writer.write(answered)
        await writer.drain()


def _bytes(shown: Page) -> bytes:
    head = (
        f"HTTP/1.1 {shown.status} OK\r\nContent-Type: {shown.content_type}\r\n"
        f"Content-Length: {len(shown.body)}\r\n\r\n"
    )
    return head.encode() + shown.body


class _Bench:
    """All devices, and the time."""

    def __init__(self, world: World) -> None:
        self.now = world.spec.begin
        self._meters = world.meters
        self.devices = [_Device(meter, self) for meter in world.meters]
        self._free = asyncio.Event()
        self._asked = asyncio.Event()
        self._free.set()

    async def wait(self) -> None:
        """Wait until answers are free."""
        self._asked.set()
        await self._free.wait()

    async def obey(self, word: str) -> str:
        """Do what a line says; answers what there is to say."""
        if word == "hold":
            self._asked.clear()
            self._free.clear()
        elif word == "asked":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), _SOON)
                return "asked"
        elif word == "free":
            self._free.set()
        else:
            self.now = int(word)
            for meter, device in zip(self._meters, self.devices, strict=True):
                await device.listen(is_there=meter.listens(self.now))
        return "done"


async def _run(spec: dict[str, Any]) -> None:
    spec["intervals"] = tuple(spec["intervals"])
    bench = _Bench(World(WorldSpec(**spec)))
    for device in bench.devices:
        await device.listen(is_there=True)
    _say(json.dumps([device.port for device in bench.devices]))
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    while line := await lines.readline():
        _say(await bench.obey(line.decode().strip()))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve the world of the argument until standard input ends."""
    asyncio.run(_run(json.loads(sys.argv[1])))
