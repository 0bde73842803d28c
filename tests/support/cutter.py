"""A network that loses the server's answer to a COMMIT, and with it the connection."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import suppress

__all__ = ["Cutter"]

#: The server's message CommandComplete for COMMIT: tag, length, text.
_COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"


class Cutter:
    """A proxy on loopback before a PostgreSQL that speaks no TLS.

    Attributes:
        port: Where it listens.
        cuts: Answers that were withheld: the server had committed.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._wanted = 0
        self.cuts = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        ready: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        self.port = ready.result(10)

    def cut_next(self) -> None:
        """Withhold the answer to the next COMMIT, whoever's it is."""
        self._wanted += 1

    def close(self) -> None:
        """Break every connection and end."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, ready: Future[int]) -> None:
        asyncio.set_event_loop(self._loop)
        listen = asyncio.start_server(self._pass, "127.0.0.1", 0)
        server = self._loop.run_until_complete(listen)
        ready.set_result(server.sockets[0].getsockname()[1])
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_end_all())
        self._loop.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            far_reader, far = await asyncio.open_connection(
                "127.0.0.1", self._server_port
            )
            asks = asyncio.ensure_future(_copy(reader, far))  # noqa: TID251 - ends with its pair
            try:
                await self._answers(far_reader, writer)
            finally:
                asks.cancel()
                far.close()
                writer.transport.abort()

    async def _answers(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            if self._wanted and _COMMITTED in data:
                self._wanted -= 1
                self.cuts += 1
                return
            writer.write(data)
            await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


async def _end_all() -> None:
    """Cancel the other tasks, and let the connections they held be closed."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.05)
