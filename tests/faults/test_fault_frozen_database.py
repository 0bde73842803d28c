"""F20: a database that is there, takes connections and answers nothing."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import httpx
import psutil
import pytest
from hosts import Host, Installation, until
from matrix import Fault
from postmaster import Postmaster
from strain import Ticker, answer, frozen, processes_of

COUNT = "/api/v1/m/ticker/count"


@pytest.fixture
def postmaster() -> Iterator[Postmaster]:
    """A server that this test may freeze."""
    made = Postmaster()
    made.start()
    yield made
    made.remove()


@pytest.fixture
def ticker(tmp_path: Path) -> Ticker:
    """A plugin with a job each second."""
    return Ticker(tmp_path)


@pytest.fixture
def installation(
    tmp_path: Path, postmaster: Postmaster, ticker: Ticker
) -> Iterator[Installation]:
    """Hosts on that server."""
    made = Installation(tmp_path / "hosts", postmaster)
    made.command.path = [str(ticker.site.folder)]
    made.configure("ticker")
    yield made
    made.stop()


@pytest.mark.fault("F20", "database frozen (SIGSTOP) and thawed", short=2, long=20)
def test_frozen_database_is_told_at_once_and_recovered_from(
    fault: Fault,
    pytestconfig: pytest.Config,
    postmaster: Postmaster,
    installation: Installation,
    ticker: Ticker,
) -> None:
    """Every answer comes within 5 s, and 5 s after the thaw all is as before."""
    host = installation.serve().ready()
    seconds = 20 if pytestconfig.getoption("--full") else 6
    asked = "/api/v1/plugins", COUNT, COUNT, "/health/ready"
    slowest, live_failed, unexplained, recovery = 0.0, 0, 0, 0.0
    with installation.client(host, installation.command.token()) as client:
        assert until(ticker.acknowledged, 15)
        for round_ in range(fault.times):
            whole = list(processes_of(postmaster))
            with nullcontext() if fault.removed else frozen(whole):
                fault.landed(until(lambda whole=whole: _is_stopped(whole[0]), 1))
                if round_ == fault.times - 1:
                    took = _stop(host)
                    break
                with ThreadPoolExecutor(8) as threads:
                    end = time.monotonic() + seconds
                    answers = list(threads.map(lambda p: _timed(client, p), asked * 2))
                    while time.monotonic() < end:
                        live_failed += answer(client, "/health/live") != 200
                        threading.Event().wait(0.2)
                slowest = max(slowest, *(took for took, _ in answers))
                unexplained += sum(status not in (200, 503) for _, status in answers)
                before = len(ticker.acknowledged())
            recovery = max(recovery, _recovered(client, ticker, before))
    fault.figure("slowest answer, s", slowest, limit=5)
    fault.figure("answers other than 200 and 503", unexplained, limit=0)
    fault.figure("/health/live not 200", live_failed, limit=0)
    fault.figure("seconds from thaw to work as before", recovery, limit=5)
    fault.figure("seconds from SIGTERM in the frost to exit 0", took, limit=8)
    fault.figure("acknowledged ticks lost", ticker.lost(installation), limit=0)
    fault.figure("slots stored twice", ticker.doubles(installation), limit=0)


def _is_stopped(process: psutil.Process) -> bool:
    return bool(process.status() == psutil.STATUS_STOPPED)


def _timed(client: httpx.Client, path: str) -> tuple[float, int]:
    began = time.monotonic()
    status = answer(client, path)
    return time.monotonic() - began, status


def _recovered(client: httpx.Client, ticker: Ticker, before: int) -> float:
    """Seconds until API, readiness and jobs work again."""
    began = time.monotonic()
    for path in (COUNT, "/api/v1/plugins", "/health/ready"):
        assert until(lambda path=path: answer(client, path) == 200, 30), path
    assert until(lambda: len(ticker.acknowledged()) > before, 60)
    return time.monotonic() - began


def _stop(host: Host) -> float:
    began = time.monotonic()
    host.process.send_signal(signal.SIGTERM)
    assert host.process.wait(60) == 0
    return time.monotonic() - began
