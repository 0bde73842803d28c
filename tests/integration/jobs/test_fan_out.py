# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""Runs that have their work done in shards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from nxforge_core.api import (
    FanOut,
    JobContext,
    JobSpec,
    Outcome,
    PluginId,
    Retry,
    RunId,
)
from nxforge_core.database import Pool
from nxforge_core.jobs import Engine, RunDetail

PLUGIN = PluginId("meter-probe")
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]
Start = Callable[..., Awaitable[Engine]]


class Part(msgspec.Struct, frozen=True):
    """The numbers of one shard; none for the run that fans out."""

    numbers: tuple[int, ...] | None = None
    how: str = "well"


class BadPartError(Exception):
    """A shard that cannot."""


def _job(handler: Callable[..., Awaitable[Any]], **facts: Any) -> JobSpec:
    given: dict[str, Any] = {"params": Part, "overlap": "allow"} | facts
    return JobSpec(name="probe", title="Probe", handler=handler, **given)


def _splitting(*parts: Part) -> Callable[[JobContext, Part], Awaitable[object]]:
    async def handler(ctx: JobContext, params: Part) -> object:
        if params.numbers is None:
            return FanOut(parts)
        return await _work(ctx, params)

    return handler


async def _work(ctx: JobContext, params: Part) -> object:
    numbers = params.numbers or ()
    match params.how:
        case "badly":
            raise BadPartError
        case "slowly":
            await asyncio.sleep(60)
        case "idly":
            return Outcome.idle()
        case "partly":
            rest = Part(numbers=numbers[1:])
            return Outcome.partial({"sum": numbers[0]}, again=rest)
        case "twice":
            return FanOut((Part(numbers=(1,)),))
    return {"sum": sum(numbers), "shard": f"number {ctx.run.shard}"}


async def _run(engine: Engine, params: dict[str, object] | None = None) -> RunId:
    return await engine.run_now(PLUGIN, "probe", params, by="ann")


async def _shards(core: Pool, run: RunId) -> list[str]:
    rows = await core.fetch(
        "select state from run where parent = $1 order by shard", run
    )
    return [row["state"] for row in rows]


async def test_shards_are_worked_for_and_summed(
    start_engine: Start, core: Pool, queue_tables: Pool, ended: Ended
) -> None:
    """Each shard runs once with its own parameters; the last one sums them all."""
    parts = [Part(numbers=(n, n)) for n in range(600)]
    engine = await start_engine(_job(_splitting(*parts)))
    run = await _run(engine)
    detail = await ended(engine, run)
    assert (detail.state, detail.outcome) == ("succeeded", "ok")
    assert detail.result == {
        "sum": 600 * 599,
        "shards": {
            "total": 600,
            "succeeded": 600,
            "partial": 0,
            "cancelled": 0,
            "failed": 0,
        },
    }
    rows = await core.fetch(
        "select shard, trigger, asked_by, slot, attempt, params, queue_job,"
        " result->>'shard' as name from run where parent = $1 order by shard",
        run,
    )
    assert [row["params"]["numbers"] for row in rows] == [[n, n] for n in range(600)]
    assert [row["name"] for row in rows] == [f"number {n}" for n in range(1, 601)]
    assert {(row["trigger"], row["asked_by"], row["attempt"]) for row in rows} == {
        ("shard", "ann", 1)
    }
    assert {row["slot"] for row in rows} == {detail.slot}
    assert len({row["queue_job"] for row in rows}) == 600
    async with asyncio.timeout(5):
        while await queue_tables.fetchval("select count(*) from procrastinate_jobs"):
            await asyncio.sleep(0.05)


async def test_sum_is_right_whatever_becomes_of_shards(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """Failed, timed out, cancelled and partial shards are counted as what they are."""
    parts = (
        Part(numbers=(1,)),
        Part(numbers=(2,), how="badly"),
        Part(numbers=(4,), how="slowly"),
        Part(numbers=(8, 16), how="partly"),
        Part(numbers=(32,), how="idly"),
        Part(numbers=(64,), how="twice"),
    )
    engine = await start_engine(_job(_splitting(*parts), timeout=0.5))
    run = await _run(engine)
    detail = await ended(engine, run)
    assert (detail.state, detail.outcome) == ("succeeded", "partial")
    assert await _shards(core, run) == [
        "succeeded",
        "failed",
        "timed_out",
        "succeeded",
        "succeeded",
        "failed",
    ]
    assert detail.result == {
        "sum": 9,
        "shards": {
            "total": 6,
            "succeeded": 2,
            "partial": 1,
            "cancelled": 0,
            "failed": 3,
        },
    }
    nested = await core.fetchval(
        "select error->>'type' from run where parent = $1 and shard = 6", run
    )
    assert nested == "NestedFanOutError"


async def test_failing_shard_is_retried_by_itself(
    start_engine: Start, ended: Ended
) -> None:
    """The retry policy is each shard's own; the parent is never run again."""
    calls: list[tuple[int, int]] = []

    async def handler(ctx: JobContext, params: Part) -> object:
        calls.append((ctx.run.shard, ctx.run.attempt))
        if params.numbers is None:
            return FanOut((Part(numbers=(1,)), Part(numbers=(2,))))
        if ctx.run.shard == 2:
            raise BadPartError
        return {"sum": 1}

    retry = Retry(attempts=2, backoff=0.05)
    engine = await start_engine(_job(handler, retry=retry))
    detail = await ended(engine, await _run(engine))
    assert (detail.state, detail.outcome, detail.attempt) == ("succeeded", "partial", 1)
    assert sorted(calls) == [(0, 1), (1, 1), (2, 1), (2, 2), (2, 3)]


async def test_parent_fails_when_no_shard_succeeds(
    start_engine: Start, ended: Ended
) -> None:
    """A run whose every shard failed is not a success."""
    bad = Part(numbers=(1,), how="badly")
    engine = await start_engine(_job(_splitting(bad, bad)))
    detail = await ended(engine, await _run(engine))
    assert (detail.state, detail.outcome) == ("failed", "failed")
    assert detail.note == "no shard succeeded"


async def test_lost_and_skipped_shards_are_summed_over(
    start_engine: Start, core: Pool, queue_tables: Pool, ended: Ended
) -> None:
    """A shard given up after too many losses, and one of a disabled job, end it too."""
    asker = await start_engine(
        _job(_splitting(Part(numbers=(1,)), Part(numbers=(2,)))), worker=False
    )
    run = await _run(asker)
    await _fan_out_by_hand(core, run, 2)
    first, second = [
        row["id"]
        for row in await core.fetch("select id from run where parent = $1", run)
    ]
    await core.execute("update run set losses = 3 where id = $1", first)
    async with asyncio.timeout(10):
        while (await asker.get_run(first)).state != "lost":
            await queue_tables.execute(
                "delete from procrastinate_jobs where args->>'run_id' = $1", str(first)
            )
            await asyncio.sleep(0.05)
    assert (await asker.get_run(run)).state == "waiting"
    await core.execute(
        "insert into job_override (plugin, job, enabled, changed_by)"
        " values ($1, 'probe', false, 'ann')",
        PLUGIN,
    )
    await start_engine(_job(_splitting()))
    detail = await ended(asker, run)
    assert await _shards(core, run) == ["lost", "skipped"]
    assert (await asker.get_run(second)).note == "the job is disabled"
    assert (detail.state, detail.outcome) == ("failed", "failed")


async def _fan_out_by_hand(core: Pool, run: RunId, shards: int) -> None:
    async with core.transaction() as connection:
        await connection.execute(
            "update run set state = 'waiting', shards = $2 where id = $1", run, shards
        )
        await connection.execute(
            "insert into run (plugin, job, slot, trigger, exclusive, parent, shard,"
            " params) select plugin, job, slot, 'shard', false, id, number,"
            " '{\"numbers\": [1]}' from run, generate_series(1, $2) as number"
            " where id = $1",
            run,
            shards,
        )


async def test_lane_waits_for_a_run_that_waits_for_shards(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """With overlap=queue the next run begins when the shards of the last have ended."""
    order: list[str] = []
    free = asyncio.Event()

    async def handler(_ctx: JobContext, params: Part) -> object:
        if params.how == "next":
            order.append("next")
            return None
        if params.numbers is None:
            return FanOut((Part(numbers=(1,)),))
        await free.wait()
        order.append("shard")
        return {"sum": 1}

    engine = await start_engine(_job(handler, overlap="queue"))
    first = await _run(engine)
    second = await _run(engine, {"how": "next"})
    async with asyncio.timeout(5):
        while (detail := await engine.get_run(second)).note is None:
            await asyncio.sleep(0.02)
    assert (detail.state, detail.note) == ("queued", f"waits for run {first} to end")
    free.set()
    await ended(engine, first)
    detail = await ended(engine, second)
    assert order == ["shard", "next"]
    assert (detail.state, detail.tries, detail.losses) == ("succeeded", 0, 0)
    assert await core.fetchval("select count(*) from run_attempt") == 0


async def test_parent_left_waiting_is_ended_by_the_reaper(
    start_engine: Start, core: Pool, caplog: pytest.LogCaptureFixture, ended: Ended
) -> None:
    """A parent whose shards have all ended is ended, even if no shard did it."""
    engine = await start_engine(_job(_splitting()), worker=False)
    run = await _run(engine)
    await core.execute("alter table run disable trigger end_parent")
    await _fan_out_by_hand(core, run, 2)
    await core.execute(
        "update run set state = 'succeeded', outcome = 'ok', result = '{\"sum\": 3}',"
        " finished_at = now() where parent = $1",
        run,
    )
    detail = await ended(engine, run)
    assert (detail.state, detail.outcome) == ("succeeded", "ok")
    assert isinstance(detail.result, dict)
    assert detail.result["sum"] == 6
    assert "parent_left_waiting" in caplog.text
