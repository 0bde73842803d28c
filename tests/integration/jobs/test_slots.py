# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""Slots: once, whoever fires them, and never silently missed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from nxforge_core.api import (
    Every,
    JobContext,
    JobSpec,
    Manual,
    NoParams,
    Outcome,
    PluginId,
)
from nxforge_core.database import Pool
from nxforge_core.jobs import Engine

PLUGIN = PluginId("meter-probe")
Start = Callable[..., Awaitable[Engine]]


def _job(handler: Callable[..., Awaitable[Any]], **facts: Any) -> JobSpec:
    given: dict[str, Any] = {"trigger": Every(seconds=1), "overlap": "allow"} | facts
    return JobSpec(name="probe", title="Probe", handler=handler, **given)


async def _nothing(ctx: JobContext, params: NoParams) -> None:
    """Succeed."""


async def _past(pool: Pool, spec: JobSpec, seconds: float) -> datetime:
    """Pretend that the job was last looked after some seconds ago."""
    settled = datetime.now(tz=UTC) - timedelta(seconds=seconds)
    trigger = '{"hours":0,"jitter":0.0,"kind":"every","minutes":0,"seconds":%d}'
    assert isinstance(spec.trigger, Every)
    await pool.execute(
        "insert into schedule values ($1, $2, $3, $4)",
        PLUGIN,
        spec.name,
        trigger % spec.trigger.seconds,
        settled,
    )
    return settled


async def _until(count: int, pool: Pool, state: str | None = None) -> None:
    counted = "select count(*) from run where state = coalesce($1, state)"
    async with asyncio.timeout(15):
        while await pool.fetchval(counted, state) < count:
            await asyncio.sleep(0.05)


@pytest.mark.patient
async def test_slot_runs_once_when_three_engines_fire_it(
    start_engine: Start, core: Pool
) -> None:
    """Three engines fire the same slots at the same time: each runs exactly once."""
    ran: list[datetime] = []

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        ran.append(ctx.run.slot)

    spec = _job(handler)
    for _ in range(3):
        await start_engine(spec)
    await _until(4, core, "succeeded")
    slots = await core.fetch("select slot, state, attempt from run order by slot")
    assert len(slots) >= 4
    assert sorted(ran)[:4] == [row["slot"] for row in slots][:4]
    assert len(ran) == len(set(ran))
    assert all(row["slot"].microsecond == 0 for row in slots)
    steps = {b["slot"] - a["slot"] for a, b in pairwise(slots)}
    assert steps == {timedelta(seconds=1)}


async def test_slot_of_a_busy_job_is_skipped_with_the_reason(
    start_engine: Start, core: Pool
) -> None:
    """A job that never overlaps has a skipped row for each slot it was busy in."""
    free = asyncio.Event()

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        await free.wait()

    await start_engine(_job(handler, overlap="skip"))
    await _until(2, core, "skipped")
    busy = await core.fetchval("select min(id) from run where state = 'running'")
    free.set()
    notes = await core.fetch("select distinct note from run where state = 'skipped'")
    assert [row["note"] for row in notes] == [f"run {busy} was not finished"]


async def test_lane_runs_one_after_another_when_overlap_is_queue(
    start_engine: Start, core: Pool
) -> None:
    """Runs of a queueing job wait for each other and none is skipped."""
    most = now = 0

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.05)
        now -= 1

    engine = await start_engine(_job(handler, overlap="queue", trigger=Manual()))
    for _ in range(4):
        await engine.run_now(PLUGIN, "probe", None, by="ann")
    await _until(4, core, "succeeded")
    assert most == 1


async def test_missed_slots_run_once_by_default(
    start_engine: Start, core: Pool
) -> None:
    """After an outage the last missed slot runs, the others say they were merged."""
    spec = _job(_nothing, trigger=Every(seconds=60), overlap="skip")
    await _past(core, spec, 300)
    await start_engine(spec)
    await _until(1, core, "succeeded")
    rows = await core.fetch("select trigger, state, note from run order by slot")
    *merged, last = [tuple(row.values()) for row in rows]
    assert last[:2] == ("catch-up", "succeeded")
    note = "coalesced into a later slot"
    assert len(merged) in (3, 4)
    assert set(merged) == {("schedule", "misfired", note)}


@pytest.mark.parametrize(
    ("policy", "state"), [("run_all", "succeeded"), ("skip", "misfired")]
)
async def test_missed_slots_follow_the_policy(
    start_engine: Start, core: Pool, policy: str, state: str
) -> None:
    """Every missed slot runs, or every one is recorded as misfired."""
    spec = _job(_nothing, trigger=Every(seconds=60), overlap="skip", misfire=policy)
    await _past(core, spec, 300)
    await start_engine(spec)
    await _until(4, core, state)
    async with asyncio.timeout(5):
        while await core.fetchval("select count(*) from run where finished_at is null"):
            await asyncio.sleep(0.05)
    rows = await core.fetch("select state from run")
    assert len(rows) in (4, 5)
    assert {row["state"] for row in rows} == {state}


async def test_long_outage_costs_a_bounded_number_of_rows(
    start_engine: Start, core: Pool
) -> None:
    """A month of missed seconds is a thousand rows, the first of them tells since."""
    spec = _job(_nothing, misfire="skip")
    settled = await _past(core, spec, 30 * 86400)
    await start_engine(spec)
    await _until(1000, core, "misfired")
    note = await core.fetchval(
        "select note from run where state = 'misfired' order by slot limit 1"
    )
    assert note == f"skipped, as every slot since {settled:%Y-%m-%d %H:%M:%S} UTC"
    assert await core.fetchval("select count(*) from run where note = $1", note) == 1


async def test_new_job_owes_nothing_before_it_was_seen(
    start_engine: Start, core: Pool
) -> None:
    """The first look at a job, or at its new trigger, finds no missed slots."""
    spec = _job(_nothing, trigger=Every(hours=1))
    await _past(core, _job(_nothing, trigger=Every(seconds=7)), 7200)
    await start_engine(spec)
    async with asyncio.timeout(5):
        while await core.fetchval("select trigger like '%\"hours\":0%' from schedule"):
            await asyncio.sleep(0.05)
    assert await core.fetchval("select count(*) from run where state='misfired'") == 0


@pytest.mark.patient
async def test_idle_runs_are_counted_and_not_listed(
    start_engine: Start, core: Pool
) -> None:
    """A run that found nothing due leaves a count, and its slot is not run again."""

    async def handler(_ctx: JobContext, _params: NoParams) -> Outcome:
        return Outcome.idle()

    engine = await start_engine(_job(handler))
    async with asyncio.timeout(10):
        while (await core.fetchval("select sum(count) from run_idle") or 0) < 3:
            await asyncio.sleep(0.05)
    assert await engine.list_runs() == []
    asked = await engine.run_now(PLUGIN, "probe", None, by="ann")
    async with asyncio.timeout(5):
        while (await engine.get_run(asked)).outcome != "idle":
            await asyncio.sleep(0.05)
    assert [run.id for run in await engine.list_runs()] == [asked]
    await core.execute("update run set finished_at = finished_at - interval '1 h'")
    async with asyncio.timeout(10):
        while await core.fetchval(
            "select count(*) from run where trigger = 'schedule'"
            " and finished_at < now() - interval '1 min'"
        ):
            await asyncio.sleep(0.05)
    assert (await engine.get_run(asked)).outcome == "idle"


async def test_refresh_fires_a_removed_job_no_more(
    start_engine: Start, core: Pool
) -> None:
    """From the moment a job left the registry nothing of it is fired or missed."""
    spec = _job(_nothing)
    engine = await start_engine(spec)
    await _until(1, core)
    engine._book._registry.specs.clear()  # type: ignore[attr-defined]  # the test's Shelf
    engine.refresh()
    fired = await core.fetchval("select max(slot) from run")
    async with asyncio.timeout(5):
        while await core.fetchval("select count(*) from schedule"):
            await asyncio.sleep(0.05)
    await asyncio.sleep(1.5)
    assert await core.fetchval("select max(slot) from run") == fired


@pytest.mark.patient
async def test_jitter_delays_the_run_and_not_the_slot(
    start_engine: Start, core: Pool
) -> None:
    """With jitter the slot stays exact and the start comes later."""
    await start_engine(_job(_nothing, trigger=Every(seconds=1, jitter=0.8)))
    await _until(3, core, "succeeded")
    rows = await core.fetch(
        "select slot, started_at from run where state = 'succeeded'"
    )
    assert all(row["slot"].microsecond == 0 for row in rows)
    assert all(row["started_at"] > row["slot"] for row in rows)


async def test_finished_runs_go_after_their_time(
    start_engine: Start, core: Pool
) -> None:
    """Runs older than the job's keep_days are deleted with their logs."""
    await core.execute(
        "insert into run (plugin, job, slot, trigger, exclusive, state, finished_at)"
        " select $1, 'probe', now() - make_interval(days => d), 'manual', false,"
        " 'succeeded', now() - make_interval(days => d) from generate_series(1, 6) d",
        PLUGIN,
    )
    await start_engine(_job(_nothing, trigger=Manual(), keep_days=3))
    async with asyncio.timeout(5):
        while await core.fetchval("select count(*) from run") > 2:
            await asyncio.sleep(0.05)
    oldest = await core.fetchval(
        "select min(finished_at) > now() - interval '3 d' from run"
    )
    assert oldest is True
