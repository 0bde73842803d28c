# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""Runs that somebody ends."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from nxforge_core.api import (
    FanOut,
    JobContext,
    JobSpec,
    NoParams,
    PluginId,
    Retry,
    RunId,
    UnknownItemError,
)
from nxforge_core.database import Pool
from nxforge_core.jobs import Engine, RunDetail, RunFinishedError

PLUGIN = PluginId("meter-probe")
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]
Start = Callable[..., Awaitable[Engine]]


class Part(msgspec.Struct, frozen=True):
    """Parameters of a shard."""

    number: int = 0


def _job(handler: Callable[..., Awaitable[Any]], **facts: Any) -> JobSpec:
    given: dict[str, Any] = {"overlap": "allow"} | facts
    return JobSpec(name="probe", title="Probe", handler=handler, **given)


async def _long(_ctx: JobContext, _params: NoParams) -> None:
    await asyncio.sleep(60)


async def _run(engine: Engine) -> RunId:
    return await engine.run_now(PLUGIN, "probe", None, by="ann")


async def _reaches(engine: Engine, run: RunId, state: str) -> None:
    async with asyncio.timeout(8):
        while (await engine.get_run(run)).state != state:
            await asyncio.sleep(0.02)


async def test_queued_run_is_cancelled_at_once_and_never_delivered(
    start_engine: Start, queue_tables: Pool
) -> None:
    """A run that has not begun ends in the same moment, and its delivery goes."""
    engine = await start_engine(_job(_long), worker=False)
    run = await _run(engine)
    assert await engine.cancel(run, "ben")
    detail = await engine.get_run(run)
    assert (detail.state, detail.cancelled_by) == ("cancelled", "ben")
    assert detail.finished_at is not None
    assert await queue_tables.fetchval("select count(*) from procrastinate_jobs") == 0
    with pytest.raises(RunFinishedError, match="cannot be cancelled: it is cancelled"):
        await engine.cancel(run, "ben")
    with pytest.raises(UnknownItemError):
        await engine.cancel(RunId(999), "ben")


async def test_running_run_is_cancelled_cleans_up_and_is_not_retried(
    start_engine: Start, queue_tables: Pool, ended: Ended
) -> None:
    """The handler is stopped, may clean up, and is not tried again."""
    cleaned: list[int] = []

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            cleaned.append(ctx.run.attempt)

    engine = await start_engine(_job(handler, retry=Retry(attempts=3, backoff=0.01)))
    run = await _run(engine)
    await _reaches(engine, run, "running")
    assert not await engine.cancel(run, "ben")
    await engine.cancel(run, "cid")
    detail = await ended(engine, run)
    assert (detail.state, detail.cancelled_by) == ("cancelled", "ben")
    assert (detail.attempt, detail.tries, cleaned) == (1, 0, [1])
    async with asyncio.timeout(5):
        while await queue_tables.fetchval("select count(*) from procrastinate_jobs"):
            await asyncio.sleep(0.02)


async def test_handler_that_fails_over_its_cancellation_is_not_retried(
    start_engine: Start, ended: Ended
) -> None:
    """An error while it is being cancelled ends a run as cancelled, not as failed."""

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise ValueError from None

    engine = await start_engine(_job(handler, retry=Retry(attempts=3, backoff=0.01)))
    run = await _run(engine)
    await _reaches(engine, run, "running")
    await engine.cancel(run, "ben")
    detail = await ended(engine, run)
    assert (detail.state, detail.attempt) == ("cancelled", 1)


async def test_handler_that_ignores_its_cancellation_is_abandoned(
    start_engine: Start, ended: Ended
) -> None:
    """After its time to clean up the run is cancelled whatever the handler does."""
    free = asyncio.Event()

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        while not free.is_set():
            try:
                await free.wait()
            except asyncio.CancelledError:
                continue

    engine = await start_engine(_job(handler))
    run = await _run(engine)
    await _reaches(engine, run, "running")
    await engine.cancel(run, "ben")
    detail = await ended(engine, run)
    assert detail.state == "cancelled"
    assert detail.note == "the handler ignores its cancellation and still runs"
    assert engine.health().abandoned == 1
    free.set()
    async with asyncio.timeout(2):
        while engine.health().abandoned:
            await asyncio.sleep(0.01)


async def test_result_given_before_the_cancellation_is_heard_is_kept(
    start_engine: Start, ended: Ended
) -> None:
    """A handler that succeeds all the same keeps its success."""

    async def handler(_ctx: JobContext, _params: NoParams) -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "just done"
        return "never"

    engine = await start_engine(_job(handler))
    run = await _run(engine)
    await _reaches(engine, run, "running")
    await engine.cancel(run, "ben")
    detail = await ended(engine, run)
    assert (detail.state, detail.result) == ("succeeded", "just done")


@pytest.mark.parametrize("split", [False, True])
async def test_run_that_holds_its_transaction_is_cancelled_soon(
    start_engine: Start, core: Pool, ended: Ended, *, split: bool
) -> None:
    """A handler's open transaction keeps nobody from cancelling it, shard or not."""
    holding = asyncio.Event()

    async def handler(ctx: JobContext, _params: Part) -> object:
        if split and not ctx.run.shard:
            return FanOut((Part(1),))
        async with ctx.transaction():
            holding.set()
            await asyncio.sleep(60)
        return None

    engine = await start_engine(_job(handler, params=Part))
    run = await _run(engine)
    async with asyncio.timeout(8):
        await holding.wait()
    async with asyncio.timeout(5):
        await engine.cancel(run, "ben")
    detail = await ended(engine, run)
    assert (detail.state, detail.cancelled_by) == ("cancelled", "ben")
    states = await core.fetch("select distinct state from run")
    assert [row["state"] for row in states] == ["cancelled"]


async def test_retry_in_back_off_is_cancelled_at_once(
    start_engine: Start, core: Pool, queue_tables: Pool
) -> None:
    """A run that waits for its next attempt never gets it."""

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        raise ValueError

    engine = await start_engine(_job(handler, retry=Retry(attempts=1, backoff=60)))
    run = await _run(engine)
    async with asyncio.timeout(8):
        while (await engine.get_run(run)).attempt == 1:
            await asyncio.sleep(0.02)
    assert await engine.cancel(run, "ben")
    assert (await engine.get_run(run)).state == "cancelled"
    assert await core.fetchval("select state from run_attempt where run = $1", run) == (
        "failed"
    )
    async with asyncio.timeout(5):
        while await queue_tables.fetchval("select count(*) from procrastinate_jobs"):
            await asyncio.sleep(0.02)


async def test_cancelled_run_whose_worker_vanished_ends(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """Nobody runs a cancelled run again, also where its worker cannot say so."""
    engine = await start_engine(_job(_long), worker=False)
    run = await _run(engine)
    await core.execute(
        "update run set state = 'running', worker = 'gone', cancelled_by = 'ben',"
        " queue_job = null where id = $1",
        run,
    )
    detail = await ended(engine, run)
    assert (detail.state, detail.attempt) == ("cancelled", 1)


async def _splitting(ctx: JobContext, _params: Part) -> object:
    if not ctx.run.shard:
        return FanOut(tuple(Part(number) for number in range(5)))
    if ctx.run.shard > 2:
        await asyncio.sleep(60)
    return {"sum": 10}


async def _three_of_five_run(start: Start, core: Pool) -> tuple[Engine, RunId]:
    engine = await start(_job(_splitting, params=Part))
    run = await _run(engine)
    running = "select count(*) from run where parent = $1 and state = $2"
    async with asyncio.timeout(8):
        while await core.fetchval(running, run, "running") != 3:
            await asyncio.sleep(0.02)
        while await core.fetchval(running, run, "succeeded") != 2:
            await asyncio.sleep(0.02)
    return engine, run


async def test_waiting_run_is_cancelled_with_its_shards(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """All unfinished shards are cancelled, and the last of them ends the parent."""
    engine, run = await _three_of_five_run(start_engine, core)
    await engine.cancel(run, "ben")
    detail = await ended(engine, run)
    assert (detail.state, detail.outcome) == ("cancelled", None)
    assert isinstance(detail.result, dict)
    assert detail.result["sum"] == 20
    assert detail.result["shards"]["cancelled"] == 3
    who = "select distinct cancelled_by from run where parent = $1 and shard > 2"
    assert await core.fetchval(who, run) == "ben"


async def test_waiting_run_with_queued_shards_is_cancelled_at_once(
    start_engine: Start, core: Pool
) -> None:
    """Where no shard runs the parent has ended when the call returns."""
    engine = await start_engine(_job(_splitting, params=Part), worker=False)
    run = await _run(engine)
    async with core.transaction() as connection:
        await connection.execute(
            "update run set state = 'waiting', shards = 1000 where id = $1", run
        )
        await connection.execute(
            "insert into run (plugin, job, slot, trigger, exclusive, parent, shard)"
            " select plugin, job, slot, 'shard', false, id, number"
            " from run, generate_series(1, 1000) as number where id = $1",
            run,
        )
    assert await engine.cancel(run, "ben")
    assert (await engine.get_run(run)).state == "cancelled"
    unfinished = "select count(*) from run where finished_at is null"
    assert await core.fetchval(unfinished) == 0


async def test_one_cancelled_shard_leaves_the_sum_of_the_others(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """A shard can be cancelled alone: its parent is partial."""
    engine, run = await _three_of_five_run(start_engine, core)
    rows = await core.fetch(
        "select id from run where parent = $1 and state = 'running'", run
    )
    for row in rows:
        await engine.cancel(row["id"], "ben")
    detail = await ended(engine, run)
    assert (detail.state, detail.outcome) == ("succeeded", "partial")
    assert isinstance(detail.result, dict)
    assert detail.result["sum"] == 20
    assert detail.result["shards"] == {
        "total": 5,
        "succeeded": 2,
        "partial": 0,
        "cancelled": 3,
        "failed": 0,
    }


@pytest.mark.timeout(60)
async def test_race_of_cancellations_and_ends_has_one_winner(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """Two cancellations and the end of a run at once: it ends once, and stays so."""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201 - a failure is repeated with it
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    await core.execute(
        "create table told (run bigint, state text);"
        "create function tell() returns trigger language plpgsql as $$ begin"
        " insert into nxforge.told values (new.id, new.state); return null; end $$;"
        "create trigger tell after update on run for each row"
        " when (new.finished_at is not null) execute function tell()"
    )

    async def handler(_ctx: JobContext, _params: NoParams) -> str:
        await asyncio.sleep(chance.uniform(0, 0.1))
        return "done"

    async def cancel(engine: Engine, run: RunId) -> None:
        await asyncio.sleep(chance.uniform(0, 0.15))
        with suppress(RunFinishedError):
            await engine.cancel(run, "ben")

    engine = await start_engine(_job(handler))
    runs = [await _run(engine) for _ in range(60)]
    async with asyncio.TaskGroup() as group:
        for run in runs * 2:
            group.create_task(cancel(engine, run))
    details = [await ended(engine, run) for run in runs]
    await asyncio.sleep(0.5)
    told = await core.fetch("select run, state from told order by run")
    assert [(row["run"], row["state"]) for row in told] == [
        (detail.id, detail.state) for detail in details
    ], seed
    assert {detail.state for detail in details} <= {"succeeded", "cancelled"}, seed
