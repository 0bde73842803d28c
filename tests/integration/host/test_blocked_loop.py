"""A plugin that blocks the loop of a whole host."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

from nxforge_core.settings import JobSettings

Start = Callable[..., Awaitable[Any]]

SLOTH = """
import asyncio
import time

from nxforge_core.api import *


def doze():
    time.sleep(1.0)


async def sleep(ctx: JobContext, params):
    await asyncio.sleep(0.1)
    doze()


async def nap(ctx: PluginContext) -> str:
    await asyncio.sleep(0.1)
    time.sleep(0.6)
    return "rested"


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="sleep", title="Sleep", handler=sleep)]


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/nap", nap, public=True)]
"""
#: Where it sleeps.
JOB_LINE = SLOTH.splitlines().index("    time.sleep(1.0)") + 1
ROUTE_LINE = SLOTH.splitlines().index("    time.sleep(0.6)") + 1


class Lines(logging.Handler):
    """Keeps what is logged, with the moment."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[float, dict[str, Any]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep an event."""
        if isinstance(record.msg, dict):
            self.kept.append((time.monotonic(), dict(record.msg)))

    def of(self, event: str) -> list[dict[str, Any]]:
        """The events of this name."""
        return [facts for _, facts in self.kept if facts["event"] == event]


@pytest.fixture
def sloth(site: Site) -> Path:
    """The plugin `sloth`, installed; answers its module's file."""
    folder: Path = site.add("sloth", SLOTH)
    return folder / "plugin.py"


@pytest.fixture
async def lines() -> AsyncIterator[Lines]:
    """What the host logs."""
    handler, logger = Lines(), logging.getLogger("nxforge")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


async def run_to_its_end(host: Any, headers: dict[str, str]) -> dict[str, Any]:
    """Start the job by hand and wait for the run's end."""
    path = "/api/v1/jobs/sloth/sleep/runs"
    answer = await host.client.post(path, json={}, headers=headers)
    run = answer.json()["data"]["id"]
    while True:
        shown = await host.client.get(f"/api/v1/runs/{run}", headers=headers)
        data: dict[str, Any] = shown.json()["data"]
        if data["finishedAt"] is not None:
            return data
        await asyncio.sleep(0.03)


@pytest.mark.patient
async def test_job_that_blocks_is_named_and_in_the_end_disabled(
    start: Start, sloth: Path, lines: Lines
) -> None:
    """Each block names the line while it lasts; the third disables the job."""
    host = await start("sloth", jobs=JobSettings(scheduler=False))
    headers = await host.bearer("admin")

    runs = [await run_to_its_end(host, headers) for _ in range(3)]
    async with asyncio.timeout(3):
        while not lines.of("job_disabled"):  # noqa: ASYNC110 - nobody sets an event
            await asyncio.sleep(0.02)
    path = "/api/v1/jobs/sloth/sleep/runs"
    refused = await host.client.post(path, json={}, headers=headers)
    log = await host.client.get(f"/api/v1/runs/{runs[0]['id']}/logs", headers=headers)
    metrics = await host.client.get("/metrics", headers=headers)

    blocked = [facts for facts in lines.of("loop_blocked") if facts.get("job")]
    places = [(one["plugin"], one["file"], one["line"]) for one in blocked]
    assert places == [("sloth", str(sloth), JOB_LINE)] * 3
    assert [one["run_id"] for one in blocked] == [run["id"] for run in runs]
    assert all(one["seconds"] < 0.5 for one in blocked)
    assert refused.status_code == 409
    assert "loop_blocked" in [line["event"] for line in log.json()["data"]]
    assert 'nxforge_loop_blocked_total{plugin="sloth"} 3.0' in metrics.text
    rows = await host.running.core.database.fetch(
        "select enabled, note, changed_by from job_override"
    )
    place = f"{sloth}:{JOB_LINE}"
    note = f"it blocked the event loop 3 times within an hour, at {place}"
    assert [tuple(row.values()) for row in rows] == [(False, note, "nxforge")]


async def test_block_is_reported_while_it_lasts(
    start: Start, sloth: Path, lines: Lines
) -> None:
    """The log names a route's line before the block is over, the health afterwards."""
    host = await start("sloth")
    headers = await host.bearer("admin")

    answer = await host.client.get("/api/v1/m/sloth/nap")
    ended = time.monotonic()
    health = await host.client.get("/api/v1/plugins/sloth/health", headers=headers)

    assert answer.status_code == 200
    named = [
        (at, facts)
        for at, facts in lines.kept
        if facts["event"] == "loop_blocked" and facts.get("plugin") == "sloth"
    ]
    [(at, facts)] = named
    assert ended - at > 0.1
    assert (facts["file"], facts["line"]) == (str(sloth), ROUTE_LINE)
    checks = {each["name"]: each for each in health.json()["data"]["checks"]}
    assert checks["loop"]["state"] == "failing"
    assert f"{sloth}:{ROUTE_LINE}" in checks["loop"]["detail"]
