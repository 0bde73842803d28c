"""F13, F14: a plugin that blocks the event loop, and one that leaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from distributions import Site
from hosts import Installation, until
from matrix import Fault
from strain import Ticker, on_own_server

#: Seconds of each block, and blocks after which the job is disabled.
BLOCK, LIMIT = 1.0, 3
BLOCKER = """
import time
from datetime import UTC, datetime
from pathlib import Path

from nxforge_core.api import *

BEGAN = Path({began!r})


async def block(ctx: JobContext, params: NoParams) -> None:
    with BEGAN.open("a") as file:
        file.write(datetime.now(UTC).isoformat() + "\\n")
    {block}


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="block", title="Block", handler=block)]
"""
BLOCKS = {
    "sleeping": f"time.sleep({BLOCK})",
    "computing": f"end = time.monotonic() + {BLOCK}\n"
    "    while time.monotonic() < end: sum(range(1000))",
}
LEAKER = """
import socket
import threading

from nxforge_core.api import *

KEPT = []


async def leak(ctx: JobContext, params: NoParams) -> None:
    if {leaks}:
        forever = threading.Thread(target=threading.Event().wait, daemon=True)
        forever.start()
        KEPT.append((b"x" * 10_000_000, socket.socket(), forever))


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="leak", title="Leak", handler=leak)]
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


@pytest.mark.fault("F13", "plugin blocks the loop", short=3, long=6, share=1)
def test_blocking_job_is_named_and_disabled_and_no_slot_of_others_is_lost(
    fault: Fault, tmp_path: Path, installation: Installation, ticker: Ticker
) -> None:
    """File and line within half a second, three times; then nobody fires it."""
    late, unnamed, still_fired, missing = 0.0, 0, 0, 0
    token = ""
    for kind in list(BLOCKS)[: fault.times // LIMIT or 1]:
        plugin, began = f"blocker-{kind}", tmp_path / kind
        block = "pass" if fault.removed else BLOCKS[kind]
        source = BLOCKER.format(began=str(began), block=block)
        Site(ticker.site.folder).add(plugin, source)
        # No lease is lost by blocks as short as these.
        installation.configure("ticker", plugin, stalled=20.0)
        host = installation.serve().ready()
        since = datetime.now(UTC)
        token = token or installation.command.token()
        path = f"/api/v1/jobs/{plugin}/block/runs"
        with installation.client(host, token) as client:
            assert until(ticker.acknowledged, 15)
            for _ in range(LIMIT):
                _run(client, path)
            refused = until(lambda at=path: client.post(at).status_code == 409, 5)
            still_fired += not refused
        reports = [one for one in host.lines() if one["event"] == "loop_blocked"]
        named = [one for one in reports if one.get("job") == "block"]
        fault.landed(len(named))
        unnamed += sum(not _names(one, plugin) for one in named)
        late = max([late, *_delays(began, named)])
        assert installation.stop() == [0]
        missing += _missing(installation, since)
    if fault.removed:
        still_fired = 0
    fault.figure("seconds until the block is named", late, limit=0.5)
    fault.figure("reports without plugin, file and line", unnamed, limit=0)
    fault.figure("jobs not disabled after three", still_fired, limit=0)
    fault.figure("slots of the other plugin without a row", missing, limit=0)
    fault.figure("acknowledged ticks lost", ticker.lost(installation), limit=0)


@pytest.mark.fault("F14", "plugin leaks memory, sockets, threads", short=5, long=50)
def test_leaking_plugin_is_shown_by_its_usage(
    fault: Fault, installation: Installation, ticker: Ticker
) -> None:
    """Five runs are enough to see who grows, and by what."""
    leaks = "False" if fault.removed else "True"
    Site(ticker.site.folder).add("leaker", LEAKER.format(leaks=leaks))
    installation.configure("ticker", "leaker")
    host = installation.serve().ready()
    with installation.client(host, installation.command.token()) as client:
        assert until(lambda: len(ticker.acknowledged()) >= 3, 15)
        for _ in range(fault.times):
            _run(client, "/api/v1/jobs/leaker/leak/runs")
        leaker = _usage(client, "leaker")
        calm = _usage(client, "ticker")
    fault.landed(leaker["threadGrowth"])
    if fault.removed:
        leaker = {"memoryGrowth": 10_000_000 * fault.times, "fileGrowth": fault.times}
    missing = 10_000_000 * fault.times - leaker["memoryGrowth"]
    fault.figure("leaked MB not shown", missing / 1e6, limit=1)
    fault.figure("leaked sockets not shown", fault.times - leaker["fileGrowth"], 0)
    # What others hold meanwhile is seen in runs beside theirs: far less than a leak.
    fault.figure("MB shown for the plugin beside it", calm["memoryGrowth"] / 1e6, 10)
    fault.figure("host ended", 0 if host.alive else 1, limit=0)


def _run(client: httpx.Client, path: str) -> None:
    """Ask for a run and wait for its end."""
    asked = client.post(path)
    assert asked.status_code == 202, asked.text
    run = f"/api/v1/runs/{asked.json()['data']['id']}"
    assert until(lambda: client.get(run).json()["data"]["finishedAt"], 20)


def _names(report: dict[str, Any], plugin: str) -> bool:
    """Whether a report tells plugin, file and line."""
    place = report["plugin"], Path(report["file"]).name
    return place == (plugin, "plugin.py") and report["line"] > 0


def _delays(began: Path, reports: list[dict[str, Any]]) -> list[float]:
    """Seconds from each begin of a block to its report."""
    starts = map(datetime.fromisoformat, began.read_text("utf-8").split())
    ends = (datetime.fromisoformat(one["at"]) for one in reports)
    return [
        (end - start).total_seconds() for start, end in zip(starts, ends, strict=False)
    ]


def _usage(client: httpx.Client, plugin: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/plugins/{plugin}/usage").json()
    return dict(answer["data"]["total"])


def _missing(installation: Installation, since: datetime) -> int:
    """Seconds between a host's first and last tick of which no run tells."""
    rows = installation.query(
        "select distinct slot from nxforge.run "
        "where plugin = 'ticker' and slot > %s order by slot",
        since,
    )
    slots = [slot for (slot,) in rows]
    return (slots[-1] - slots[0]) // timedelta(seconds=1) + 1 - len(slots)
