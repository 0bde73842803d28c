"""The Python client against the demo: what it measures, its pages, its streams."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from processes import NXFORGE, ROOT, Command

#: The demo collects for a while before there is more than a page of it.
pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def token(demo: Path) -> str:
    """An operator's."""
    return Command(demo).token("operator")


@pytest.fixture
def base(demo: Path) -> str:
    """Where the demo is."""
    return (demo / "base").read_text()


@pytest.fixture
def made(base: str, token: str, tmp_path: Path) -> Any:
    """The client that the command makes of the demo's own document."""
    headers = {"authorization": f"Bearer {token}"}
    document = httpx.get(f"{base}/schema/openapi.json", headers=headers, timeout=60)
    module = tmp_path / "demo_client.py"
    words = [NXFORGE, "client", "-", str(module)]
    subprocess.run(words, input=document.content, check=True, capture_output=True)
    spec = importlib.util.spec_from_file_location("demo_client", module)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


async def _use(made: Any, base: str, token: str) -> tuple[Any, Any, Any, Any]:
    """Meters, what the stream tells, ids of readings, ids of runs."""
    async with made.Client(base, token) as client:
        meters = await client.get_consumption_monitor_endpoints()
        stream = client.get_consumption_monitor_stream()
        told = [await anext(stream), await anext(stream)]
        await stream.aclose()
        rows = [
            row.id
            async for row in client.each_get_consumption_monitor_readings(limit="2")
        ]
        runs = [run.id async for run in client.each_get_runs(limit=2)]
    return meters, told, rows, runs


@pytest.mark.usefixtures("described")
def test_client_reads_meters_page_by_page_and_as_they_change(
    made: Any, base: str, token: str
) -> None:
    """Typed answers, more readings than a page has, and the next one on the stream."""
    # In a thread of its own: the driver of the browser has a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        used = thread.submit(asyncio.run, _use(made, base, token))
        meters, told, rows, runs = used.result(40)

    assert len(meters) >= 6
    assert told[0].name == "first"
    assert told[1].id
    assert len(rows) == len(set(rows)) > 2
    assert len(runs) == len(set(runs)) > 2


def test_example_sees_the_alert_that_it_makes(base: str, token: str) -> None:
    """Sends temperatures, follows the stream, reads the alert back."""
    folder = ROOT / "examples" / "api-client"
    done = subprocess.run(
        [sys.executable, "watch.py", base],
        cwd=folder,
        env={**Command(folder).environment(), "NXFORGE_TOKEN": token},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    lines = done.stdout.split("\n")
    assert done.returncode == 0, done.stderr
    assert lines[0] == "first"
    assert {"metric.measured", "alert.created", "alert.resolved"} <= set(lines)
    assert "high at 31.125" in lines
