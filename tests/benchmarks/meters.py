"""Simulated meters in a process of their own: cheap answers on many ports."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["meters"]

#: Arguments: how many ports, seconds until an answer, and a file with a page, or ''.
_PROGRAM = """
import asyncio, sys, time, uvloop

head = (
    b"HTTP/1.1 200 OK\\r\\nContent-Type: %s\\r\\n"
    b"Content-Length: %d\\r\\n\\r\\n"
)

class Meter(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        for _ in range(data.count(b"\\r\\n\\r\\n")):
            if delay:
                loop.call_later(delay, self.answer)
            else:
                self.answer()

    def answer(self):
        body = page or b'{"kwh": %.3f, "kw": 1.5}' % (time.time() / 3600)
        kind = b"text/html" if page else b"application/json"
        self.transport.write(head % (kind, len(body)) + body)

async def main():
    global loop
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(Meter, "127.0.0.1", 0) for _ in range(int(sys.argv[1]))
    ]
    print(*(each.sockets[0].getsockname()[1] for each in servers), flush=True)
    # Its parent closes the pipe when it ends, whichever way.
    await loop.run_in_executor(None, sys.stdin.read)

delay = float(sys.argv[2])
page = open(sys.argv[3], "rb").read() if sys.argv[3] else b""
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
"""


@contextmanager
def meters(
    hosts: int, delay: float = 0.0, page: Path | None = None
) -> Iterator[list[int]]:
    """Run meters that answer after some seconds: their ports, each a host."""
    process = subprocess.Popen(  # the program above
        [sys.executable, "-c", _PROGRAM, str(hosts), str(delay), str(page or "")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None  # it is a pipe
        yield [int(port) for port in process.stdout.readline().split()]
    finally:
        process.terminate()
        process.communicate(timeout=10)
