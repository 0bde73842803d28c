"""Simulated meters in a process of their own, whose true registers are known.

The process is this file: its argument is the number of meters, its first line of output
their ports. Each meter has a port of its own: devices do not share an address.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

__all__ = ["Rack", "register_kwh"]


def register_kwh(meter: int, at: float) -> Decimal:
    """The true register of a meter at an instant in Unix seconds."""
    load_kw = 1 + meter % 7
    return Decimal(f"{1000 + meter + load_kw * (at % 1e7) / 3600:.6f}")


class Rack:
    """The process and how to register its meters."""

    def __init__(self, meters: int) -> None:
        self.meters = meters
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(meters)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.ports: list[int] = json.loads(self.process.stdout.readline())

    def endpoint(self, meter: int, interval: int = 5) -> dict[str, Any]:
        """The body of a meter's endpoint."""
        steps = [{"step": "json", "path": "kwh"}, {"step": "unit", "fixed": "kWh"}]
        return {
            "name": f"meter-{meter}",
            "url": f"http://127.0.0.1:{self.ports[meter]}/{meter}",
            "intervalS": interval,
            "timeoutS": 2,
            "rules": [{"quantity": "energy", "steps": steps}],
        }

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            meter = int(head.split()[1].strip(b"/"))
            body = json.dumps({"kwh": str(register_kwh(meter, time.time()))}).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body) + body
            )
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass  # the poller went away, as it is made to
    finally:
        writer.close()


async def _serve(meters: int) -> None:
    servers = [
        await asyncio.start_server(_answer, "127.0.0.1", 0) for _ in range(meters)
    ]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    sys.stdout.write(json.dumps(ports) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
