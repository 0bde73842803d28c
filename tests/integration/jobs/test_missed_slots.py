# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""A slot that nobody could run is an explicit row, never silence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from nxforge_core.api import Every, JobContext, JobSpec, NoParams, PluginId
from nxforge_core.database import Pool
from nxforge_core.jobs import Engine, JobPatch, Overrides
from nxforge_core.jobs.triggers._trigger_text import trigger_text

PLUGIN = PluginId("meter-probe")
Start = Callable[..., Awaitable[Engine]]


async def _nothing(ctx: JobContext, params: NoParams) -> None:
    """Succeed."""


def _job(**facts: Any) -> JobSpec:
    given: dict[str, Any] = {"trigger": Every(seconds=60)} | facts
    return JobSpec(name="probe", title="Probe", handler=_nothing, **given)


async def _down(core: Pool, spec: JobSpec, seconds: float) -> datetime:
    """Pretend that every process ended some seconds ago."""
    settled = datetime.now(tz=UTC) - timedelta(seconds=seconds)
    await core.execute(
        "insert into schedule values ($1, $2, $3, $4)",
        PLUGIN,
        spec.name,
        trigger_text(spec.trigger),
        settled,
    )
    return settled


async def _settled(core: Pool, since: datetime) -> None:
    async with asyncio.timeout(15):
        while await core.fetchval("select min(settled) from schedule") <= since:
            await asyncio.sleep(0.05)


async def test_hours_of_downtime_leave_a_row_for_each_slot(
    start_engine: Start, core: Pool
) -> None:
    """Three engines that start at once after hours settle each slot exactly once."""
    spec = _job(misfire="skip")
    since = await _down(core, spec, 3 * 3600)
    await asyncio.gather(*(start_engine(spec) for _ in range(3)))
    await _settled(core, since)
    rows = await core.fetch("select slot, state, note from run order by slot")
    slots = [row["slot"] for row in rows]
    assert slots[0] - since <= timedelta(seconds=60)
    assert datetime.now(tz=UTC) - slots[-1] <= timedelta(seconds=70)
    assert {b - a for a, b in pairwise(slots)} == {timedelta(seconds=60)}
    assert {(row["state"], row["note"]) for row in rows if row["note"]} == {
        ("misfired", "skipped")
    }


async def test_run_all_catches_up_the_latest_hundred(
    start_engine: Start, core: Pool
) -> None:
    """Beyond a hundred missed slots the older ones are rows that say so."""
    spec = _job(misfire="run_all", overlap="allow")
    since = await _down(core, spec, 150 * 60)
    await start_engine(spec, worker=False)
    await _settled(core, since)
    late = await core.fetch("select state from run where trigger = 'catch-up'")
    left = await core.fetch("select slot, note from run where state = 'misfired'")
    assert [row["state"] for row in late] == ["queued"] * 100
    assert len(left) in (49, 50)
    assert {row["note"] for row in left} == {"skipped: over 100 were missed"}


async def test_time_in_which_a_job_was_disabled_owes_nothing(
    start_engine: Start, core: Pool
) -> None:
    """Enabled while no process is up, it starts anew with the next one."""
    spec = _job()
    since = await _down(core, spec, 3 * 3600)
    overrides = Overrides(core)
    await overrides.change(PLUGIN, spec, JobPatch(enabled=False), "ann")
    await overrides.change(PLUGIN, spec, JobPatch(enabled=True), "ann")
    await start_engine(spec, worker=False)
    async with asyncio.timeout(5):
        while not await core.fetchval("select count(*) from schedule"):
            await asyncio.sleep(0.05)
    await asyncio.sleep(1.2)
    assert await core.fetchval("select min(settled) from schedule") > since
    assert await core.fetchval("select count(*) from run where state='misfired'") == 0


async def test_shards_are_no_slots_to_the_sweep(
    start_engine: Start, core: Pool
) -> None:
    """A shard has its parent's slot; alone it would not stand for a slot."""
    spec = _job(misfire="skip")
    since = await _down(core, spec, 600)
    slot = datetime.fromtimestamp(int(since.timestamp()) // 60 * 60 + 120, tz=UTC)
    await core.execute(
        "insert into run (plugin, job, slot, trigger, exclusive, state, finished_at)"
        " values ($1, 'other', now(), 'manual', false, 'succeeded', now())",
        PLUGIN,
    )
    await core.execute(
        "insert into run (plugin, job, slot, trigger, exclusive, state, finished_at,"
        " shard, parent) select $1, 'probe', $2, 'shard', false, 'succeeded', now(),"
        " 1, id from run",
        PLUGIN,
        slot,
    )
    await start_engine(spec, worker=False)
    await _settled(core, since)
    state = await core.fetchval(
        "select state from run where job = 'probe' and shard = 0 and slot = $1", slot
    )
    assert state == "misfired"
