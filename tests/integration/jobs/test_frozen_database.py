# ruff: noqa: ASYNC110 - polls the engine, where nobody sets an event
"""The engine on a database that is there and answers nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from importlib.resources import files
from typing import Any

import asyncpg
import msgspec
import pytest
from contexts import job_plugin_context
from postmaster import Postmaster
from strain import frozen, processes_of

from nxforge_core.api import (
    JobContext,
    JobSpec,
    NoParams,
    PluginContext,
    PluginId,
)
from nxforge_core.database import DatabaseUnavailableError, Pool, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.jobs import Engine, EngineOptions
from nxforge_core.services import SystemClock, beside

PLUGIN = PluginId("meter-probe")
OPTIONS = EngineOptions(
    instance="0123abcd-0000-4000-8000-000000000000",
    grace=1.0,
    cleanup=0.3,
    heartbeat=1.0,
    stalled=60.0,
    reap=0.5,
)
Handler = Callable[[JobContext, NoParams], Awaitable[Any]]


class OneJob:
    """A registry of one job."""

    def __init__(self, pool: Pool, handler: Handler) -> None:
        self.pool = pool
        self.spec = JobSpec(
            name="probe", title="Probe", handler=handler, overlap="allow"
        )

    def jobs(self) -> list[tuple[PluginId, JobSpec]]:
        """It."""
        return [(PLUGIN, self.spec)]

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """It, if asked for."""
        return self.spec if (plugin, name) == (PLUGIN, "probe") else None

    def context(self, plugin: PluginId) -> PluginContext[Any]:
        """A context with what these tests use of it."""
        return job_plugin_context(plugin, self.pool)


@pytest.fixture(scope="module")
def postmaster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postmaster]:
    """A server of these tests' own, because they freeze it."""
    del tmp_path_factory
    made = Postmaster()
    made.start()
    yield made
    made.remove()


@pytest.fixture
async def address(postmaster: Postmaster) -> ServerAddress:
    """A database on it with the tables of jobs."""
    made = ServerAddress.parse(postmaster.url(postmaster.create()))
    folder = files("nxforge_core") / "builtin" / "migrations"
    connection = await asyncpg.connect(**made.asyncpg_arguments())
    await connection.execute("create schema nxforge; set search_path = nxforge")
    for name in ("003_create_run.sql", "004_extend_run.sql"):
        await connection.execute((folder / name).read_text("utf-8"))
    await connection.close()
    return made


@pytest.fixture
async def begin(address: ServerAddress) -> AsyncIterator[Callable[..., Any]]:
    """Start an engine with one handler."""
    pool = Pool(address, search_path="nxforge")
    listener = Listener(address)

    async def start(handler: Handler, **changes: Any) -> Engine:
        options = msgspec.structs.replace(OPTIONS, **changes)
        registry = OneJob(pool, handler)
        engine = Engine(pool, address, registry, SystemClock(), options, listener)
        await engine.start()
        async with asyncio.timeout(10):
            while engine.state != "running":
                await asyncio.sleep(0.02)
        return engine

    async with beside(listener.run()):
        yield start
    await pool.close(seconds=1)


async def _ask(engine: Engine) -> None:
    """Ask for a run until the pool has noticed that its connections are lost."""
    while True:
        try:
            await engine.run_now(PLUGIN, "probe", None, by="test")
        except DatabaseUnavailableError:
            await asyncio.sleep(0.1)
        else:
            return


def _seconds() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.timeout(60)
async def test_idle_engine_stops_while_the_database_is_frozen(
    begin: Callable[..., Any], postmaster: Postmaster
) -> None:
    """With nothing running the stop takes a few seconds, not the whole freeze."""

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        """Succeed."""

    engine = await begin(handler)
    with frozen(list(processes_of(postmaster))):
        await asyncio.sleep(1.5)  # heartbeat, look and reaper are under way by then
        began = _seconds()
        await engine.stop()
        took = _seconds() - began
    assert took < 7


@pytest.mark.timeout(90)
@pytest.mark.long
async def test_engine_outlasts_a_frozen_database(
    begin: Callable[..., Any], postmaster: Postmaster
) -> None:
    """A running handler goes on, and new runs begin soon after the thaw."""
    began: list[int] = []
    go = asyncio.Event()

    async def handler(ctx: JobContext, _params: NoParams) -> str:
        began.append(ctx.run.attempt)
        if len(began) == 1:
            await go.wait()
        return "done"

    engine = await begin(handler)
    long = await engine.run_now(PLUGIN, "probe", None, by="test")
    while not began:
        await asyncio.sleep(0.02)
    with frozen(list(processes_of(postmaster))):
        await asyncio.sleep(14)
    thawed = _seconds()
    async with asyncio.timeout(10):
        await _ask(engine)
        while len(began) < 2:
            await asyncio.sleep(0.02)
    assert _seconds() - thawed < 5
    go.set()
    async with asyncio.timeout(10):
        while (await engine.get_run(long)).finished_at is None:
            await asyncio.sleep(0.05)
    detail = await engine.get_run(long)
    assert (detail.state, detail.attempt, detail.losses) == ("succeeded", 1, 0)
    await engine.stop()
