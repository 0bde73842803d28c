# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""The engine when something around it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from nxforge_core.api import Every, JobContext, JobSpec, NoParams, PluginId, RunId
from nxforge_core.database import Pool
from nxforge_core.jobs import Engine, RunDetail
from nxforge_core.jobs.work._ledger import AttemptStore
from nxforge_core.jobs.work._lines import RunLines
from nxforge_core.services import LogLine

PLUGIN = PluginId("meter-probe")
Start = Callable[..., Awaitable[Engine]]
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]


class Strict(msgspec.Struct, frozen=True):
    """Parameters that a scheduled run cannot have."""

    meter: str


async def _nothing(_ctx: JobContext, _params: NoParams) -> None:
    """Succeed."""


def _job(handler: Callable[..., Awaitable[Any]], **facts: Any) -> JobSpec:
    return JobSpec(name="probe", title="Probe", handler=handler, **facts)


async def test_trouble_is_told_while_it_lasts(start_engine: Start, core: Pool) -> None:
    """An engine that cannot look after its slots is failing until it can again."""
    engine = await start_engine(_job(_nothing, trigger=Every(hours=1)))
    await core.execute("alter table schedule rename to hidden")
    async with asyncio.timeout(5):
        while "sweeping" not in engine.health().detail:
            await asyncio.sleep(0.05)
    assert engine.health().state == "failing"
    await core.execute("alter table hidden rename to schedule")
    async with asyncio.timeout(5):
        while engine.health().state != "running":
            await asyncio.sleep(0.05)


async def test_worker_that_ends_is_started_again(
    start_engine: Start, queue_tables: Pool, ended: Ended
) -> None:
    """A queue worker that the database threw out comes back by itself."""
    engine = await start_engine(_job(_nothing))
    await ended(engine, await engine.run_now(PLUGIN, "probe", None, by="test"))
    killed = await queue_tables.fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'nxforge queue'"
        " and datname = current_database()"
    )
    assert len(killed) > 1
    run: RunId | None = None
    async with asyncio.timeout(10):
        while run is None:
            with suppress(Exception):  # until the pool has noticed
                run = await engine.run_now(PLUGIN, "probe", None, by="test")
    assert (await ended(engine, run)).state == "succeeded"


async def test_run_fails_when_its_parameters_fit_no_longer(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """A slot of a job that cannot do without parameters says so."""
    await start_engine(_job(_nothing, params=Strict, trigger=Every(seconds=1)))
    async with asyncio.timeout(5):
        while not (run := await core.fetchval("select min(id) from run")):
            await asyncio.sleep(0.05)
    engine = await start_engine(worker=False)
    detail = await ended(engine, run)
    assert detail.state == "failed"
    assert isinstance(detail.error, dict)
    assert "missing required field `meter`" in detail.error["message"]


async def test_handler_that_cancels_itself_failed(
    start_engine: Start, ended: Ended
) -> None:
    """Only the engine's own cancellation gives a run back."""

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        raise asyncio.CancelledError

    engine = await start_engine(_job(handler))
    detail = await ended(engine, await engine.run_now(PLUGIN, "probe", None, by="a"))
    assert detail.state == "failed"
    assert isinstance(detail.error, dict)
    assert detail.error["message"] == "the handler cancelled itself"


async def test_log_that_cannot_be_stored_fails_no_run(
    start_engine: Start, core: Pool, ended: Ended, caplog: pytest.LogCaptureFixture
) -> None:
    """A run whose lines find no table still ends as it ended."""

    async def handler(ctx: JobContext, _params: NoParams) -> str:
        await core.execute("alter table run_log rename to hidden")
        ctx.log.info("lost")
        await asyncio.sleep(0.7)
        return "done"

    engine = await start_engine(_job(handler))
    run = await engine.run_now(PLUGIN, "probe", None, by="a")
    async with asyncio.timeout(10):
        while not await core.fetchval("select finished_at from run where id = $1", run):
            await asyncio.sleep(0.05)
    await core.execute("alter table hidden rename to run_log")
    assert (await ended(engine, run)).result == "done"
    assert "run_log_not_stored" in caplog.text


async def test_long_log_is_cut_in_the_table(start_engine: Start, core: Pool) -> None:
    """The stored log of a talkative run keeps its beginning and its end."""
    engine = await start_engine(_job(_nothing), worker=False)
    run = await engine.run_now(PLUGIN, "probe", None, by="a")
    await core.execute("update run set state = 'running'")
    lines = RunLines(AttemptStore(core, run, 1), 0, most=6)
    at = (await engine.get_run(run)).queued_at
    for number in range(1, 21):
        lines.add(LogLine(at, "info", f"line {number}", {}))
        await lines.flush()
    stored = await engine.run_logs(run)
    assert [line.line for line in stored] == [1, 2, 3, 18, 19, 20]
    late = RunLines(AttemptStore(core, run, 2), 20)
    late.add(LogLine(at, "info", "from a late worker", {}))
    await late.flush()
    assert await engine.run_logs(run) == stored


async def test_engine_that_fails_as_it_begins_begins_again(
    make_engine: Callable[..., Engine], core: Pool, ended: Ended
) -> None:
    """A database that goes away between two steps of the start costs a moment."""
    await core.execute("alter table job_override rename to hidden")
    engine = make_engine(_job(_nothing))
    await engine.start()
    try:
        async with asyncio.timeout(5):
            while engine.state != "failing":
                await asyncio.sleep(0.02)
        await core.execute("alter table hidden rename to job_override")
        async with asyncio.timeout(10):
            while engine.state != "running":
                await asyncio.sleep(0.02)
        run = await engine.run_now(PLUGIN, "probe", None, by="test")
        assert (await ended(engine, run)).state == "succeeded"
    finally:
        await engine.stop()
