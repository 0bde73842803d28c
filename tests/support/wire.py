"""A network between processes and their PostgreSQL that follows what they say."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import suppress

__all__ = ["COMMITTED", "Talk", "Wire"]

#: The server's message CommandComplete for COMMIT: tag, length, text.
COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"


class Talk:
    """One connection.

    Attributes:
        reached: Steps of a way, for who follows one.
    """

    def __init__(self) -> None:
        self.reached = 0


class Wire:
    """A proxy on loopback before a PostgreSQL that speaks no TLS.

    Attributes:
        port: Where it listens.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self.port = 0
        self._loop = asyncio.new_event_loop()
        ready: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        self.port = ready.result(10)

    def asks(self, talk: Talk, data: bytes) -> bool:  # noqa: ARG002 - for who follows
        """Whether to pass on what a client says; else the connection breaks."""
        return True

    def answers(self, talk: Talk, data: bytes) -> bool:  # noqa: ARG002 - as above
        """Whether to pass on what the server says; else the connection breaks."""
        return True

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
        talk = Talk()
        with suppress(OSError):
            far_reader, far = await asyncio.open_connection(
                "127.0.0.1", self._server_port
            )
            asked = asyncio.ensure_future(self._ask(talk, reader, far))  # noqa: TID251 - ends with its pair
            try:
                await self._answer(talk, far_reader, writer)
            finally:
                asked.cancel()
                far.close()
                writer.transport.abort()

    async def _ask(
        self, talk: Talk, reader: asyncio.StreamReader, far: asyncio.StreamWriter
    ) -> None:
        try:
            while (data := await reader.read(65536)) and self.asks(talk, data):
                far.write(data)
                await far.drain()
        except OSError:
            pass  # reset by a process that was killed
        finally:
            # Else the server holds open what its client began.
            far.close()

    async def _answer(
        self, talk: Talk, reader: asyncio.StreamReader, near: asyncio.StreamWriter
    ) -> None:
        while (data := await reader.read(65536)) and self.answers(talk, data):
            near.write(data)
            await near.drain()


async def _end_all() -> None:
    """Cancel the other tasks, and let the connections they held be closed.

    A connection that was accepted meanwhile has one more.
    """
    await asyncio.sleep(0.05)
    while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.05)
