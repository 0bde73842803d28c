# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""A core schema with the run tables, and engines on it that are stopped afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from importlib.resources import files
from typing import Any

import asyncpg
import msgspec
import pytest
from contexts import job_plugin_context

from nxforge_core.api import JobSpec, PluginContext, PluginId, RunId
from nxforge_core.database import Pool, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.jobs import Engine, EngineOptions, RunDetail
from nxforge_core.services import SystemClock, beside

PLUGIN = PluginId("meter-probe")
#: Impatient, so that a test of lost workers takes two seconds and not a minute.
OPTIONS = EngineOptions(
    instance="0123abcd-0000-4000-8000-000000000000",
    grace=0.5,
    cleanup=0.3,
    poll=0.2,
    heartbeat=0.3,
    stalled=1.5,
    reap=0.4,
    sweep=0.5,
    late=1.0,
)


class Shelf:
    """A registry of one plugin's jobs."""

    def __init__(self, pool: Pool, *specs: JobSpec) -> None:
        self.pool = pool
        self.specs = {spec.name: spec for spec in specs}

    def jobs(self) -> Iterable[tuple[PluginId, JobSpec]]:
        """All of them."""
        return [(PLUGIN, spec) for spec in self.specs.values()]

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """One of them."""
        return self.specs.get(name) if plugin == PLUGIN else None

    def context(self, plugin: PluginId) -> PluginContext[Any]:
        """A context with what these tests use of it."""
        return job_plugin_context(plugin, self.pool)


@pytest.fixture
async def core(database: ServerAddress) -> AsyncIterator[Pool]:
    """The core's pool, on the tables of jobs."""
    folder = files("nxforge_core") / "builtin" / "migrations"
    connection = await asyncpg.connect(**database.asyncpg_arguments())
    await connection.execute("create schema nxforge; set search_path = nxforge")
    await connection.execute((folder / "003_create_run.sql").read_text("utf-8"))
    await connection.execute((folder / "004_extend_run.sql").read_text("utf-8"))
    await connection.close()
    pool = Pool(database, search_path="nxforge", size=8)
    yield pool
    await pool.close()


@pytest.fixture
async def queue_tables(database: ServerAddress) -> AsyncIterator[Pool]:
    """The queue's own tables, where the engine made them."""
    pool = Pool(database, search_path="nxq,nxforge")
    yield pool
    await pool.close()


StartEngine = Callable[..., Awaitable[Engine]]


@pytest.fixture
async def listener(database: ServerAddress) -> AsyncIterator[Listener]:
    """The connection that the engines of a test share, as those of a host do."""
    shared = Listener(database)
    async with beside(shared.run()):
        yield shared


@pytest.fixture
def make_engine(
    core: Pool, database: ServerAddress, listener: Listener
) -> Callable[..., Engine]:
    """Make engines for some jobs; keywords change the options."""

    def make(*specs: JobSpec, **changes: Any) -> Engine:
        options = msgspec.structs.replace(OPTIONS, **changes)
        shelf = Shelf(core, *specs)
        return Engine(core, database, shelf, SystemClock(), options, listener)

    return make


@pytest.fixture
async def start_engine(
    make_engine: Callable[..., Engine],
) -> AsyncIterator[StartEngine]:
    """Start engines for some jobs; keywords change the options."""
    async with AsyncExitStack() as stack:

        async def start(*specs: JobSpec, **changes: Any) -> Engine:
            engine = make_engine(*specs, **changes)
            await engine.start()
            stack.push_async_callback(engine.stop)
            async with asyncio.timeout(10):
                while engine.state == "starting":
                    await asyncio.sleep(0.02)
            assert engine.health().state == "running", engine.health()
            return engine

        yield start


@pytest.fixture
def ended() -> Callable[[Engine, RunId], Awaitable[RunDetail]]:
    """Wait for a run's end."""

    async def wait(engine: Engine, run: RunId) -> RunDetail:
        async with asyncio.timeout(15):
            while (detail := await engine.get_run(run)).finished_at is None:
                await asyncio.sleep(0.03)
        return detail

    return wait
