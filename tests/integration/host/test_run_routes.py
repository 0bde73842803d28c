# ruff: noqa: ASYNC110 - polls the host, where nobody sets an event
"""Runs through a whole host: followed live, cancelled, repeated, measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from distributions import Site

from nxforge_core.settings import JobSettings

Start = Callable[..., Awaitable[Any]]

PUMP = """
import asyncio

import msgspec

from nxforge_core.api import *


class Fill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seconds: float = 0.0


async def fill(ctx: JobContext, params: Fill):
    ctx.log.info("begun", seconds=params.seconds)
    await ctx.progress(1, 2, "half")
    await asyncio.sleep(params.seconds)
    ctx.log.warning("done 100%")
    return {"filled": 1}


@hookimpl
def nxforge_jobs():
    return [
        JobSpec(name="fill", title="Fill", handler=fill, params=Fill, overlap="allow")
    ]
"""


@pytest.fixture(autouse=True)
def pump(site: Site) -> None:
    """The plugin `pump`, installed."""
    site.add("pump", PUMP)


@pytest.fixture
async def host(start: Start) -> Any:
    """A host with the plugin `pump` and a worker."""
    return await start(
        "pump", jobs=JobSettings(worker=True, scheduler=False, grace=0.5)
    )


@pytest.fixture
async def operator(host: Any) -> dict[str, str]:
    """Headers of an operator."""
    headers: dict[str, str] = await host.bearer("operator")
    return headers


async def begin(host: Any, headers: dict[str, str], seconds: float) -> int:
    """Queue a run that takes so long."""
    answer = await host.client.post(
        "/api/v1/jobs/pump/fill/runs",
        json={"params": {"seconds": seconds}},
        headers=headers,
    )
    run: int = answer.json()["data"]["id"]
    return run


async def ended(host: Any, run: int, headers: dict[str, str]) -> dict[str, Any]:
    """The run, once it has ended."""
    async with asyncio.timeout(15):
        while True:
            answer = await host.client.get(f"/api/v1/runs/{run}", headers=headers)
            shown: dict[str, Any] = answer.json()["data"]
            if shown["finishedAt"] is not None:
                return shown
            await asyncio.sleep(0.05)


class Reader:
    """A client that reads an answer while it is written."""

    def __init__(self) -> None:
        self.chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.status = 0
        self._asked = False

    async def receive(self) -> dict[str, Any]:
        """An empty request, then, when the client is gone, that."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """Take what the host writes."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message.get("more_body"):
            await self.chunks.put(message["body"])
        else:
            await self.chunks.put(None)

    async def event(self, name: str) -> Any:
        """The data of the next event with that name."""
        async with asyncio.timeout(10):
            while (chunk := await self.chunks.get()) is not None:
                for block in chunk.decode().split("\n\n"):
                    head, _, data = block.partition("data: ")
                    if f"event: {name}\n" in head:
                        return json.loads(data)
        pytest.fail(f"the stream ended without the event {name!r}")


@asynccontextmanager
async def reading(
    host: Any, run: int, headers: dict[str, str]
) -> AsyncIterator[tuple[Reader, asyncio.Task[None]]]:
    """Follow a run as a browser would."""
    reader = Reader()
    pairs = [(key.lower().encode(), text.encode()) for key, text in headers.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": f"/api/v1/runs/{run}/events",
        "raw_path": f"/api/v1/runs/{run}/events".encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"host"), *pairs],
        "client": ("127.0.0.1", 1),
        "server": ("host", 80),
    }
    async with asyncio.TaskGroup() as group:
        answer = host.app(scope, reader.receive, reader.send)
        task = group.create_task(answer)
        try:
            yield reader, task
        finally:
            reader.gone.set()


async def test_log_arrives_while_the_run_goes_on(
    host: Any, operator: dict[str, str]
) -> None:
    """A reader sees the first line long before the end, then progress and the end."""
    run = await begin(host, operator, 2.5)
    async with reading(host, run, operator) as (reader, task):
        line = await reader.event("line")
        shown = await host.client.get(f"/api/v1/runs/{run}", headers=operator)
        last = await reader.event("end")
        await asyncio.wait_for(task, 5)

    assert reader.status == 200
    assert (line["event"], line["facts"]) == ("begun", {"seconds": 2.5})
    assert shown.json()["data"]["state"] == "running"
    assert last == {"reason": "finished", "state": "succeeded"}
    assert len(host.running.streams) == 0


async def test_stream_ends_when_its_reader_is_gone(
    host: Any, operator: dict[str, str]
) -> None:
    """Whoever closes the page leaves nothing behind, and the run goes on."""
    run = await begin(host, operator, 2.5)
    async with reading(host, run, operator) as (reader, task):
        await reader.event("line")
        inside = len(host.running.streams)
        reader.gone.set()
        await asyncio.wait_for(task, 2)

    assert (inside, len(host.running.streams)) == (1, 0)
    assert (await ended(host, run, operator))["state"] == "succeeded"


async def test_stream_ends_when_the_host_stops(
    host: Any, operator: dict[str, str]
) -> None:
    """A stop is told to readers at once; none of them holds it up."""
    run = await begin(host, operator, 60)
    async with reading(host, run, operator) as (reader, task):
        await reader.event("line")
        host.running.closing.set()
        last = await reader.event("end")
        await asyncio.wait_for(task, 2)

    assert last["reason"] == "stopped"


async def test_streams_hold_no_connection_between_looks(
    host: Any, operator: dict[str, str]
) -> None:
    """More readers than connections leave the pool to others."""
    run = await begin(host, operator, 3)
    async with asyncio.TaskGroup() as group:
        done = asyncio.Event()

        async def read() -> None:
            async with reading(host, run, operator) as (reader, _):
                await reader.event("line")
                await done.wait()

        for _ in range(30):
            group.create_task(read())
        while len(host.running.streams) < 30:
            await asyncio.sleep(0.02)
        answers = [
            await host.client.get("/api/v1/runs", headers=operator) for _ in range(5)
        ]
        done.set()

    assert [answer.status_code for answer in answers] == [200] * 5


async def test_running_run_is_cancelled_by_name(
    host: Any, operator: dict[str, str]
) -> None:
    """The run says who ended it; ending it twice is a conflict."""
    run = await begin(host, operator, 60)
    async with reading(host, run, operator) as (reader, _):
        await reader.event("line")
    await host.client.post(f"/api/v1/runs/{run}/cancel", headers=operator)
    shown = await ended(host, run, operator)
    twice = await host.client.post(f"/api/v1/runs/{run}/cancel", headers=operator)

    assert shown["state"] == "cancelled"
    assert shown["why"] == "cancelled: by operator of a test after it began"
    assert twice.status_code == 409


async def test_run_is_repeated_with_its_parameters(
    host: Any, operator: dict[str, str]
) -> None:
    """A repetition is a new run that names the old one; nothing failed is a 409."""
    first = await begin(host, operator, 0.01)
    await ended(host, first, operator)
    answer = await host.client.post(f"/api/v1/runs/{first}/rerun", headers=operator)
    again = await ended(host, answer.json()["data"]["id"], operator)
    nothing = await host.client.post(
        f"/api/v1/runs/{first}/rerun", json={"only": "failed"}, headers=operator
    )

    assert (again["rerunOf"], again["params"]) == (first, {"seconds": 0.01})
    assert nothing.status_code == 409


async def test_log_is_searched_through_the_api(
    host: Any, operator: dict[str, str]
) -> None:
    """Level and text narrow what is answered."""
    run = await begin(host, operator, 0)
    await ended(host, run, operator)

    async def found(**query: Any) -> list[str]:
        answer = await host.client.get(
            f"/api/v1/runs/{run}/logs", params=query, headers=operator
        )
        return [line["event"] for line in answer.json()["data"]]

    assert await found() == ["begun", "done 100%"]
    assert await found(level="warning") == ["done 100%"]
    assert await found(search="0%") == ["done 100%"]
    assert await found(search="BEGUN") == ["begun"]


async def test_usage_tells_what_runs_left_behind(
    host: Any, operator: dict[str, str]
) -> None:
    """Each measured run of the plugin is in the sums, by job and in all."""
    for _ in range(2):
        await ended(host, await begin(host, operator, 0), operator)

    answer = await host.client.get("/api/v1/plugins/pump/usage", headers=operator)
    shown = answer.json()["data"]
    unknown = await host.client.get("/api/v1/plugins/pomp/usage", headers=operator)

    assert [job["job"] for job in shown["jobs"]] == ["fill"]
    assert shown["total"]["runs"] == shown["jobs"][0]["runs"] == 2
    assert shown["total"]["seconds"] > 0
    assert unknown.status_code == 404


async def test_metrics_count_runs_and_tell_of_the_host(
    host: Any, operator: dict[str, str]
) -> None:
    """A scraper sees runs by job and state, the engine, the pool and the process."""
    await ended(host, await begin(host, operator, 0), operator)

    text = (await host.client.get("/metrics", headers=operator)).text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")

    job = 'job="fill",plugin="pump"'
    assert lines[f'nxforge_runs_total{{{job},state="succeeded"}}'] == "1.0"
    assert lines[f"nxforge_run_seconds_count{{{job}}}"] == "1.0"
    assert lines['nxforge_runs_running{plugin="pump"}'] == "0.0"
    assert lines['nxforge_engine_state{state="running"}'] == "1.0"
    assert lines["nxforge_listener_connected"] == "1.0"
    assert float(lines['nxforge_database_connections{use="most"}']) > 0
    assert float(lines["process_resident_memory_bytes"]) > 0


async def test_document_names_streams_and_text_as_they_are(host: Any) -> None:
    """A client is told which answers are no JSON."""
    paths = (await host.running.openapi())["paths"]

    events = paths["/api/v1/runs/{run_id}/events"]["get"]["responses"]["200"]
    metrics = paths["/metrics"]["get"]["responses"]["200"]

    assert list(events["content"]) == ["text/event-stream"]
    kinds = ["text/plain", "application/openmetrics-text"]
    assert list(metrics["content"]) == kinds
