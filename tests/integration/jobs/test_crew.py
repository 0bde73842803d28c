# ruff: noqa: ASYNC110 - polls the engine, where nobody sets an event
"""One worker for each plugin: places, queues, and plugins that come and go."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest
from contexts import job_plugin_context

from nxforge_core.api import (
    JobContext,
    JobSpec,
    NoParams,
    PluginContext,
    PluginId,
)
from nxforge_core.database import Pool, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.jobs import Engine, EngineOptions
from nxforge_core.services import SystemClock

A, B = PluginId("meters"), PluginId("racks")
OPTIONS = EngineOptions(
    instance="0123abcd-0000-4000-8000-000000000000",
    grace=0.5,
    cleanup=0.3,
    limits={A: 4},
)


class Plugins:
    """A registry of plugins with one job each."""

    def __init__(self, pool: Pool, **handlers: Callable[..., Awaitable[Any]]) -> None:
        self.pool = pool
        self.specs = {
            PluginId(plugin): JobSpec(
                name="probe", title="Probe", handler=handler, overlap="allow"
            )
            for plugin, handler in handlers.items()
        }

    def jobs(self) -> Iterable[tuple[PluginId, JobSpec]]:
        """All of them."""
        return list(self.specs.items())

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """One of them."""
        spec = self.specs.get(plugin)
        return spec if spec and spec.name == name else None

    def context(self, plugin: PluginId) -> PluginContext[Any]:
        """A context with what these tests use of it."""
        return job_plugin_context(plugin, self.pool)


Begin = Callable[..., Awaitable[Engine]]


@pytest.fixture
async def begin(core: Pool, database: ServerAddress, listener: Listener) -> Any:
    """Start engines on registries; keywords change the options."""
    async with AsyncExitStack() as stack:

        async def start(plugins: Plugins, **changes: Any) -> Engine:
            options = msgspec.structs.replace(OPTIONS, **changes)
            engine = Engine(core, database, plugins, SystemClock(), options, listener)
            await engine.start()
            stack.push_async_callback(engine.stop)
            async with asyncio.timeout(10):
                while engine.state != "running":
                    await asyncio.sleep(0.02)
            return engine

        yield start


async def _until(seen: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not seen():
            await asyncio.sleep(0.005)


@pytest.mark.timeout(60)
async def test_flood_of_one_plugin_does_not_starve_another(
    begin: Begin, core: Pool
) -> None:
    """500 queued runs of one plugin: another's begins at once, and the limit holds."""
    running, most, began = Counter[str](), Counter[str](), list[float]()

    async def flood(_ctx: JobContext, _params: NoParams) -> None:
        running["flood"] += 1
        most["flood"] = max(most["flood"], running["flood"])
        await asyncio.sleep(0.2)
        running["flood"] -= 1

    async def quick(_ctx: JobContext, _params: NoParams) -> None:
        began.append(asyncio.get_running_loop().time())

    engine = await begin(Plugins(core, **{A: flood, B: quick}))
    await asyncio.gather(
        *(engine.run_now(A, "probe", None, by="test") for _ in range(500))
    )
    await _until(lambda: most["flood"] == 4)
    asked = asyncio.get_running_loop().time()
    for number in range(5):
        await engine.run_now(B, "probe", None, by="test")
        await _until(lambda: len(began) > number)  # noqa: B023 - awaited here
    assert began[0] - asked < 1
    assert began[-1] - asked < 3
    assert most["flood"] == 4
    waiting = "select count(*) from run where plugin = $1 and state = 'queued'"
    assert await core.fetchval(waiting, A) > 100


async def test_process_works_for_the_queues_it_was_given(
    begin: Begin, core: Pool
) -> None:
    """Runs of other plugins wait for another process."""
    done: list[str] = []

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        done.append(ctx.plugin.id)

    plugins = Plugins(core, **{A: handler, B: handler})
    only_b = await begin(plugins, queues=(B,))
    await only_b.run_now(A, "probe", None, by="test")
    await only_b.run_now(B, "probe", None, by="test")
    await _until(lambda: done == [B])
    await asyncio.sleep(1.2)
    assert done == [B]
    await begin(plugins, queues=(A,))
    await _until(lambda: done == [B, A])


async def test_workers_follow_the_plugins(begin: Begin, core: Pool) -> None:
    """A plugin that comes gets a worker; one that goes and comes back, a new one."""
    done: list[str] = []

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        done.append(ctx.plugin.id)

    plugins = Plugins(core)
    engine = await begin(plugins)
    both = Plugins(core, **{A: handler}).specs
    plugins.specs = both
    engine.refresh()
    await engine.run_now(A, "probe", None, by="test")
    await _until(lambda: done == [A])
    workers = "select count(*) from nxq.procrastinate_workers"
    plugins.specs = {}
    engine.refresh()
    async with asyncio.timeout(5):
        while await core.fetchval(workers):
            await asyncio.sleep(0.02)
    plugins.specs = both
    engine.refresh()
    await engine.run_now(A, "probe", None, by="test")
    await _until(lambda: done == [A, A])


async def test_draining_workers_go_on_giving_signs_of_life(
    begin: Begin, core: Pool
) -> None:
    """A run that ends within a grace longer than the stall time is not taken back."""
    attempts: list[int] = []

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        attempts.append(ctx.run.attempt)
        await asyncio.sleep(2.5)

    patient = {"grace": 5.0, "heartbeat": 0.2, "stalled": 0.8, "reap": 0.2}
    engine = await begin(Plugins(core, **{A: handler}), **patient)
    await begin(Plugins(core, **{A: handler}), **patient, queues=())
    run = await engine.run_now(A, "probe", None, by="test")
    await _until(lambda: attempts == [1])
    await engine.stop()
    detail = await core.fetchrow("select state, losses from run where id = $1", run)
    assert detail is not None
    assert (detail["state"], detail["losses"]) == ("succeeded", 0)


async def test_stop_is_quiet(
    begin: Begin, core: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    """An ordinary stop logs no trouble and no traceback."""

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        """Succeed."""

    engine = await begin(Plugins(core, **{A: handler, B: handler}))
    await engine.stop()
    told = [r for r in caplog.records if r.name != "psycopg.pool"]
    noisy = [r.getMessage() for r in told if r.levelno > logging.INFO]
    assert noisy == []
