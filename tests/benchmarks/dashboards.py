"""Open dashboards on one host, each told of changes every second: what they cost it."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import psutil

from tests.benchmarks.servers import install_plugin, nxforge

__all__ = ["dashboard", "measure"]

_READERS: Final = 200
_WARM: Final = 4.0
_SECONDS: Final = 10.0
_CARDS: Final = ("now", "meters", "heartbeat")
#: A chart of an open page is asked for again every five seconds at the most.
_CHART_EVERY: Final = 5

_PLUGIN: Final = """
import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

from nxforge_core.api import hookimpl, ui

READ = "bench:value:read"
ROWS = "select n, n * 1.5 as kw, now() as seen from generate_series(1, 20) as n"

async def figures(ctx):
    total = await ctx.db.fetchval("select sum(n) from generate_series(1, 100) as n")
    return [ui.Figure(f"Figure {n}", total / (n + 1), "kW") for n in range(6)]

async def meters(ctx):
    return [
        {
            "n": row["n"], "name": f"Meter {row['n']}", "kw": row["kw"],
            "seen": row["seen"], "state": ui.State("online", "ok"),
            "more": ui.Link("Details", "board"),
        }
        for row in await ctx.db.fetch(ROWS)
    ]

async def beats(ctx):
    now = ctx.clock.now()
    return [
        ui.Strip(f"Meter {n}", [ui.Beat("ok", now) for _ in range(40)], "ok", "online")
        for n in range(10)
    ]

async def power(ctx, window):
    step = (window.end - window.start) / 300
    at = [window.start + step * place for place in range(300)]
    return ui.Series([ui.Line("Power", at, [float(n % 40) for n in range(300)])])

@hookimpl
def nxforge_pages():
    live = "bench.ticked"
    columns = [
        ui.Column("name"), ui.Column("kw", kind="number", unit="kW", sort=True),
        ui.Column("seen", kind="age", sort=True), ui.Column("state"), ui.Column("more"),
    ]
    body = [
        ui.Stats("Now", figures, live=live),
        ui.Chart("Power", power, unit="kW", live=live),
        ui.Table("Meters", meters, columns, key="n", sort="name", live=live),
        ui.StatusBar("Heartbeat", beats, live=live),
    ]
    return [ui.Page(name="board", title="Board", permission=READ, body=body)]

@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx):
    async def tick():
        while True:
            await ctx.events.publish("bench.ticked", {})
            await asyncio.sleep(1)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(tick())
        yield
        task.cancel()
"""
_EVENTS: Final = {"emits": [{"name": "bench.ticked", "permission": "bench:value:read"}]}


class _Counts:
    """What the readers of a measurement had.

    Attributes:
        told: How many times one was told of a change.
        cards: Answers.
        delays: Seconds from the word of a change to the last new card.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count anew."""
        self.told = 0
        self.cards = 0
        self.delays: list[float] = []


def measure() -> dict[str, float]:
    """Share of one core that the host's process needs, and how late cards come."""
    with dashboard() as (port, process, cookie):
        return asyncio.run(_measured(port, process, cookie))


async def _measured(
    port: int, process: psutil.Process, cookie: str
) -> dict[str, float]:
    counts = _Counts()
    async with asyncio.TaskGroup() as group:
        readers = [
            group.create_task(_reader(port, cookie, counts, turn))
            for turn in range(_READERS)
        ]
        await asyncio.sleep(_WARM)
        counts.begin()
        begin, before = time.monotonic(), _used(process)
        await asyncio.sleep(_SECONDS)
        took, used = time.monotonic() - begin, _used(process) - before
        delays = sorted(counts.delays)
        found = {
            "cores": used / took,
            "told_per_s": counts.told / took,
            "cards_per_s": counts.cards / took,
            "delay_median_ms": delays[len(delays) // 2] * 1000,
            "delay_p95_ms": delays[len(delays) * 95 // 100] * 1000,
        }
        for reader in readers:
            reader.cancel()
    return found


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _reader(port: int, cookie: str, counts: _Counts, turn: int) -> None:
    """One browser: a stream, and a connection for what it says is new."""
    stream = await _Line.open(port, cookie)
    asking = await _Line.open(port, cookie)
    stream.ask("/api/v1/ui/stream?names=bench.ticked&full=")
    async for line in stream.lines():
        if not line.startswith(b"event: changed"):
            continue
        begin = time.monotonic()
        counts.told += 1
        turn += 1
        for card in _CARDS:
            await asking.get(f"/api/v1/ui/cards/bench/board/{card}")
        if turn % _CHART_EVERY == 0:
            await asking.get("/api/v1/ui/data/bench/board/power?points=1200")
            counts.cards += 1
        counts.cards += len(_CARDS)
        counts.delays.append(time.monotonic() - begin)


class _Line:
    """A connection to the host; it costs this process little."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cookie: str
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._rest = f"Host: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"

    @classmethod
    async def open(cls, port: int, cookie: str) -> _Line:
        """Open it."""
        return cls(*await asyncio.open_connection("127.0.0.1", port), cookie)

    def ask(self, path: str) -> None:
        """Send a request."""
        self._writer.write(f"GET {path} HTTP/1.1\r\n{self._rest}".encode())

    async def get(self, path: str) -> bytes:
        """Send one and read what is answered."""
        self.ask(path)
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head)
        found = re.search(rb"content-length: (\d+)", head)
        assert found is not None  # answers to open pages say how long they are
        return await self._reader.readexactly(int(found[1]))

    async def lines(self) -> AsyncIterator[bytes]:
        """Whatever comes, line by line."""
        while line := await self._reader.readline():
            yield line


@contextmanager
def dashboard() -> Iterator[tuple[int, psutil.Process, str]]:
    """A host with the dashboard: its port, its process, a session's cookie."""
    with tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder:
        data, site = Path(folder) / "data", Path(folder) / "site"
        install_plugin(site, _PLUGIN, events=_EVENTS)
        with nxforge(data, site, access=False) as port:
            own = psutil.Process().children()
            host = next(each for each in own if "serve" in each.cmdline())
            yield port, host, _session(port, data, site)


def _session(port: int, data: Path, site: Path) -> str:
    program = str(Path(sys.executable).parent / "nxforge")
    more = {"PYTHONPATH": str(site), "NXFORGE_DATA_DIR": str(data)}
    made = subprocess.run(  # a command of this file
        [program, "tokens", "link", "reader", "--role", "viewer"],
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=True,
    )
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", made.stdout.strip())
    cookie = connection.getresponse().headers["set-cookie"].partition(";")[0]
    connection.close()
    return cookie
