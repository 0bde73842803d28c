"""F24: the network between host and database swallows everything for a while."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from hosts import Installation, until
from matrix import Fault
from postmaster import Postmaster
from relay import Relay
from strain import Ticker, answer

PATHS = ("/api/v1/plugins", "/api/v1/m/ticker/count", "/health/ready")


class Network:
    """A relay with a loop and a thread of its own."""

    def __init__(self, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.relay = Relay(lambda: asyncio.open_connection("127.0.0.1", port))
        self.do(self.relay.mend())

    def do(self, change: Coroutine[Any, Any, None]) -> None:
        """Have the relay do something."""
        asyncio.run_coroutine_threadsafe(change, self._loop).result(5)

    def swallow(self) -> None:
        """Take everything and pass nothing on."""
        self.do(self.relay.hold())

    def end(self) -> None:
        """Cut everything and end the thread."""
        self.do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        await self.relay.let_go()
        await self.relay.cut()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def postmaster() -> Iterator[Postmaster]:
    """A server of its own."""
    made = Postmaster()
    made.start()
    yield made
    made.remove()


@pytest.fixture
def network(postmaster: Postmaster) -> Iterator[Network]:
    """The only way to it."""
    made = Network(postmaster.port)
    yield made
    made.end()


@pytest.fixture
def ticker(tmp_path: Path) -> Ticker:
    """A plugin with a job each second."""
    return Ticker(tmp_path)


@pytest.fixture
def installation(
    tmp_path: Path, postmaster: Postmaster, network: Network, ticker: Ticker
) -> Iterator[Installation]:
    """Hosts on the other side of the network."""
    made = Installation(tmp_path / "hosts", postmaster)
    made.command.path = [str(ticker.site.folder)]
    made.configure("ticker", port=network.relay.port)
    yield made
    made.stop()


@pytest.mark.fault("F24", "network to the database swallows all", short=1, long=6)
def test_swallowing_network_is_outlived_without_a_restart(
    fault: Fault,
    pytestconfig: pytest.Config,
    installation: Installation,
    network: Network,
    ticker: Ticker,
) -> None:
    """No request waits longer than 10 s, tries are bounded, and work goes on after."""
    lengths = (5, 60) if pytestconfig.getoption("--full") else (8,)
    host = installation.serve().ready()
    slowest, recovery, rate, live_failed = 0.0, 0.0, 0.0, 0
    with installation.client(host, installation.command.token()) as client:
        assert until(ticker.acknowledged, 15)
        for round_ in range(fault.times):
            seconds = lengths[round_ % len(lengths)]
            tries, held = network.relay.accepted, network.relay.held
            began = time.monotonic()
            fault.inject(network.swallow)
            with ThreadPoolExecutor(8) as threads:
                asked = [threads.submit(_timed, client, path) for path in PATHS * 2]
                while time.monotonic() < began + seconds:
                    live_failed += answer(client, "/health/live") != 200
                    threading.Event().wait(0.2)
                slowest = max(slowest, *(each.result() for each in asked))
            rate = max(rate, (network.relay.accepted - tries) / seconds)
            fault.landed(network.relay.held > held)
            before = len(ticker.acknowledged())
            network.do(network.relay.let_go())
            recovery = max(recovery, _recovered(client, ticker, before))
    fault.figure("slowest answer, s", slowest, limit=10)
    fault.figure("/health/live not 200", live_failed, limit=0)
    fault.figure("new connections per second", rate, limit=10)
    fault.figure("seconds until all works again", recovery, limit=15)
    fault.figure("acknowledged ticks lost", ticker.lost(installation), limit=0)
    fault.figure("slots stored twice", ticker.doubles(installation), limit=0)
    fault.figure("host ended", 0 if host.alive else 1, limit=0)


def _timed(client: httpx.Client, path: str) -> float:
    began = time.monotonic()
    assert answer(client, path) in (200, 503), path
    return time.monotonic() - began


def _recovered(client: httpx.Client, ticker: Ticker, before: int) -> float:
    began = time.monotonic()
    for path in PATHS:
        assert until(lambda path=path: answer(client, path) == 200, 30), path
    assert until(lambda: len(ticker.acknowledged()) > before, 60)
    return time.monotonic() - began
