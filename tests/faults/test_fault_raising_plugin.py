"""F12: a plugin whose route and job raise, a thousand times each."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from distributions import Site
from hosts import Installation, until
from matrix import Fault
from postmaster import Postmaster
from strain import Ticker

BOOM = "/api/v1/m/boomer/boom"
COUNT = "/api/v1/m/ticker/count"
RUNS = "/api/v1/jobs/boomer/fail/runs"
CANARY = "canary-in-the-traceback"
SOURCE = f"""
from nxforge_core.api import *


async def boom() -> int:
    raise RuntimeError("{CANARY}")


async def calm() -> int:
    return 1


async def fail(ctx: JobContext, params: NoParams) -> None:
    raise RuntimeError("{CANARY}")


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/boom", boom, public=True),
            RouteSpec("GET", "/calm", calm, public=True)]


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="fail", title="Fail", handler=fail, overlap="allow")]
"""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A host with a plugin that raises and one that ticks."""
    postmaster = Postmaster()
    postmaster.start()
    ticker = Ticker(tmp_path)
    Site(ticker.site.folder).add("boomer", SOURCE)
    made = Installation(tmp_path / "hosts", postmaster)
    made.command.path = [str(ticker.site.folder)]
    rates = "[server]\nstranger_rate = 0\ncaller_rate = 0\n"
    made.configure("ticker", "boomer", more=rates)
    yield made
    made.stop()
    postmaster.remove()


@pytest.mark.fault("F12", "plugin's route and job raise", short=1000, long=5000)
def test_raising_plugin_harms_nobody_else(
    fault: Fault, pytestconfig: pytest.Config, installation: Installation
) -> None:
    """Its own route answers 500 with an id, others are as fast as before."""
    runs = fault.times if pytestconfig.getoption("--full") else fault.times // 10
    host = installation.serve().ready()
    with installation.client(host, installation.command.token()) as client:
        path = "/api/v1/m/boomer/calm" if fault.removed else BOOM
        for _ in range(300):  # what a first time costs is no leak
            client.get(path)
            client.get(COUNT)
        _fail_runs(client, runs // 4, fault)
        process = psutil.Process(host.pid)
        memory = process.memory_info().rss
        calm: list[float] = []
        strained: list[float] = []
        unlike = 0
        for _ in range(fault.times):
            # By turns, so that a busy machine slows both alike.
            calm.append(_seconds(client, COUNT))
            found = client.get(path)
            strained.append(_seconds(client, COUNT))
            unlike += not (fault.removed or _is_opaque(found))
            fault.landed(found.status_code == 500)
        _fail_runs(client, runs, fault)
        growth = process.memory_info().rss - memory
        plugins = client.get("/api/v1/plugins").json()["data"]
    states = {one["id"]: one["state"] for one in plugins}
    slower = statistics.median(strained) / statistics.median(calm)
    fault.figure("answers of the route that are no opaque 500", unlike, limit=0)
    fault.figure("median of others against calm", slower, limit=1.2)
    fault.figure("growth of memory, MB", growth / 1e6, limit=5)
    fault.figure("other plugins not running", states["ticker"] != "running", limit=0)


def _seconds(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    assert client.get(path).status_code == 200, path
    return time.perf_counter() - began


def _is_opaque(answer: httpx.Response) -> bool:
    problem = answer.json()
    return (
        answer.status_code == 500
        and bool(problem.get("requestId"))
        and CANARY not in answer.text
    )


def _fail_runs(client: httpx.Client, count: int, fault: Fault) -> None:
    """Have the job raise so often; each run is `failed`, with its error."""
    if fault.removed:
        return
    identities = [client.post(RUNS).json()["data"]["id"] for _ in range(count)]
    last = f"/api/v1/runs/{identities[-1]}"
    assert until(lambda: client.get(last).json()["data"]["state"] == "failed", 60)
