"""Handlers that go on after their time: nothing of theirs is stored, nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from nxforge_core.api import JobContext, JobSpec, NoParams, PluginId, RunId
from nxforge_core.database import Pool
from nxforge_core.jobs import Engine, RunDetail, RunEndedError

PLUGIN = PluginId("meter-probe")
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]
Start = Callable[..., Awaitable[Engine]]


def _job(handler: Callable[..., Awaitable[Any]], **facts: Any) -> JobSpec:
    return JobSpec(name="probe", title="Probe", handler=handler, **facts)


async def test_open_transaction_of_an_abandoned_handler_is_cut(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """The end of a run waits for no transaction, and what was in it is not stored."""
    await core.execute("create table written (run bigint)")
    free = asyncio.Event()
    refused: list[Exception] = []

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        async with ctx.transaction() as connection:
            await connection.execute("insert into written values ($1)", ctx.run.id)
            while not free.is_set():
                try:
                    await free.wait()
                except asyncio.CancelledError:
                    continue
            for use in (
                connection.fetch("select 1"),
                ctx.db.fetch("select 1"),
                ctx.progress(1, 2, "late"),
            ):
                try:
                    await use
                except RunEndedError as error:
                    refused.append(error)

    engine = await start_engine(_job(handler, timeout=0.2))
    run = await engine.run_now(PLUGIN, "probe", None, by="ann")
    began = asyncio.get_running_loop().time()
    detail = await ended(engine, run)
    assert asyncio.get_running_loop().time() - began < 2
    assert detail.state == "timed_out"
    assert engine.health().abandoned == 1
    free.set()
    async with asyncio.timeout(5):
        while engine.health().abandoned:  # noqa: ASYNC110 - nobody sets an event
            await asyncio.sleep(0.01)
    assert len(refused) == 3
    assert await core.fetchval("select count(*) from written") == 0


async def test_task_left_behind_is_interrupted_in_its_statement(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """What a handler forgot to await loses its context when the handler returns."""
    told: list[BaseException] = []
    left: list[asyncio.Task[None]] = []

    async def linger(ctx: JobContext) -> None:
        try:
            await ctx.db.execute("select pg_sleep(9)")
        except BaseException as error:
            told.append(error)
            raise

    async def handler(ctx: JobContext, _params: NoParams) -> str:
        left.append(asyncio.get_running_loop().create_task(linger(ctx)))
        await asyncio.sleep(0.1)
        return "returned"

    engine = await start_engine(_job(handler))
    run = await engine.run_now(PLUGIN, "probe", None, by="ann")
    detail = await ended(engine, run)
    assert detail.result == "returned"
    await asyncio.wait(left, timeout=2)
    assert isinstance(told[0], RunEndedError)
    assert isinstance(left[0].exception(), RunEndedError)
    sleeping = (
        "select count(*) from pg_stat_activity where state = 'active'"
        " and query like '%pg_sleep(9)' and datname = current_database()"
    )
    assert await core.fetchval(sleeping) == 0


async def test_run_tells_what_it_left_open(
    start_engine: Start, ended: Ended, tmp_path: Any
) -> None:
    """A run that forgets to close a file shows how many the process has more of."""
    kept: list[Any] = []

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        kept.extend((tmp_path / str(n)).open("w") for n in range(5))

    engine = await start_engine(_job(handler))
    detail = await ended(engine, await engine.run_now(PLUGIN, "probe", None, by="a"))
    for file in kept:
        file.close()
    assert detail.file_growth is not None
    assert detail.file_growth >= 5
    assert detail.memory_growth is not None
    assert detail.thread_growth is not None
