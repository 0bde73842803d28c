"""F11: a plugin that takes the process with it, in a job."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributions import Site
from hosts import Host, Installation, until
from matrix import Fault
from strain import Ticker, on_own_server

CRASHING = """
import ctypes

from nxforge_core.api import *


async def crash(ctx: JobContext, params: NoParams) -> None:
    if {crashes}:
        ctypes.string_at(0)


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="crash", title="Crash", handler=crash)]
"""


@pytest.fixture
def ticker(tmp_path: Path) -> Ticker:
    """A plugin with a job each second."""
    return Ticker(tmp_path)


@pytest.fixture
def installation(tmp_path: Path, ticker: Ticker) -> Iterator[Installation]:
    """Hosts on a server of their own."""
    with on_own_server(tmp_path / "hosts", ticker) as made:
        yield made


@pytest.mark.fault("F11", "segmentation fault in a job", short=1, long=4, share=1)
def test_next_start_holds_back_the_plugin_that_crashed(
    fault: Fault, installation: Installation, ticker: Ticker
) -> None:
    """Started again it is ready soon, without that plugin; the others lost nothing."""
    wrong, slowest, token = 0, 0.0, ""
    for number in range(fault.times):
        plugin = f"crasher-{number}"
        source = CRASHING.format(crashes=not fault.removed)
        Site(ticker.site.folder).add(plugin, source)
        installation.configure("ticker", plugin)
        host = installation.serve().ready()
        token = token or installation.command.token()
        assert until(ticker.acknowledged, 15)
        _run(installation, host, token, plugin)
        died = until(lambda at=host: not at.alive, 2 if fault.removed else 15)
        fault.landed(died and host.process.returncode == -signal.SIGSEGV)
        if died:
            began = time.monotonic()
            host = installation.again(host).ready()
            slowest = max(slowest, time.monotonic() - began)
            state, why = _state(installation, host, token, plugin)
            wrong += state != "quarantined" or "crashed the process in" not in why
            wrong += _state(installation, host, token, "ticker")[0] != "running"
        assert installation.stop() == [0]
    fault.figure("plugins not held back, or others touched", wrong, limit=0)
    fault.figure("slowest next start, s", slowest, limit=5)
    fault.figure("acknowledged ticks lost", ticker.lost(installation), limit=0)


def _run(installation: Installation, host: Host, token: str, plugin: str) -> None:
    with installation.client(host, token) as client:
        answer = client.post(f"/api/v1/jobs/{plugin}/crash/runs")
        assert answer.status_code == 202, answer.text


def _state(
    installation: Installation, host: Host, token: str, plugin: str
) -> tuple[str, str]:
    with installation.client(host, token) as client:
        found = client.get(f"/api/v1/plugins/{plugin}").json()["data"]
    return found["state"], (found["reason"] or {}).get("message", "")
