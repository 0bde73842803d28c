# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""What operators change holds for every process from the moment it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from workers import running_worker

from nxforge_core.api import (
    Cron,
    Every,
    InvalidInputError,
    JobContext,
    JobSpec,
    Manual,
    NoParams,
    PluginId,
)
from nxforge_core.database import Pool, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.jobs import (
    Engine,
    EngineOptions,
    InvalidCronError,
    JobDisabledError,
    JobPatch,
    Overrides,
    Plans,
    RetryPatch,
)
from nxforge_core.jobs._sql import SQL
from nxforge_core.services import SystemClock, beside

PLUGIN = PluginId("meter-probe")
#: Only notifications make a process follow in time: it looks by itself after minutes.
OPTIONS = EngineOptions(
    instance="0123abcd-0000-4000-8000-000000000000", poll=0.2, sweep=300.0, late=300.0
)
ON, OFF = JobPatch(enabled=True), JobPatch(enabled=False)


class Litres(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters with a default each."""

    litres: int = 1
    tank: str = "north"


async def fill(_ctx: JobContext, params: Litres) -> object:
    """Tell the parameters."""
    return params


async def nothing(ctx: JobContext, params: NoParams) -> None:
    """Succeed."""


TICK = JobSpec(
    name="tick",
    title="Tick",
    handler=nothing,
    trigger=Every(seconds=1),
    overlap="allow",
    misfire="skip",
)
FILL = JobSpec(name="fill", title="Fill", handler=fill, params=Litres)


class Shelf:
    """A registry of those jobs, for whom contexts do not matter."""

    def __init__(self, *specs: JobSpec) -> None:
        self.specs = {spec.name: spec for spec in specs}

    def jobs(self) -> list[tuple[PluginId, JobSpec]]:
        """All of them."""
        return [(PLUGIN, spec) for spec in self.specs.values()]

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """One of them."""
        return self.specs.get(name) if plugin == PLUGIN else None

    def context(self, plugin: PluginId) -> Any:
        """None: no worker runs here."""
        raise NotImplementedError(plugin)


Hosts = Callable[..., Awaitable[list[Engine]]]


@pytest.fixture
async def hosts(core: Pool, database: ServerAddress) -> AsyncIterator[Hosts]:
    """Start engines that share nothing but the database, and run no handler."""
    del core  # its tables are
    async with AsyncExitStack() as stack:

        async def one(*specs: JobSpec, hearing: bool) -> Engine:
            pool = Pool(database, search_path="nxforge", size=4)
            stack.push_async_callback(pool.close)
            listener = Listener(database)
            if hearing:
                await stack.enter_async_context(beside(listener.run()))
            options = msgspec.structs.replace(OPTIONS, worker=False)
            engine = Engine(
                pool, database, Shelf(*specs), SystemClock(), options, listener
            )
            await engine.start()
            stack.push_async_callback(engine.stop)
            return engine

        async def start(
            *specs: JobSpec, count: int = 3, hearing: bool = True
        ) -> list[Engine]:
            engines = [await one(*specs, hearing=hearing) for _ in range(count)]
            async with asyncio.timeout(15):
                while any(engine.state != "running" for engine in engines):
                    await asyncio.sleep(0.02)
            return engines

        yield start


async def _count(core: Pool) -> int:
    counted: int = await core.fetchval("select count(*) from run")
    return counted


async def _more_than(core: Pool, count: int, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while await _count(core) <= count:
            await asyncio.sleep(0.02)


async def _now(core: Pool) -> datetime:
    now: datetime = await core.fetchval("select clock_timestamp()")
    return now


@pytest.mark.parametrize("hearing", [True, False], ids=["told", "stale"])
@pytest.mark.patient
async def test_disabled_job_is_fired_by_none_of_three_engines(
    hosts: Hosts, core: Pool, *, hearing: bool
) -> None:
    """From the commit on no run is stored, not even by engines that did not hear."""
    await hosts(TICK, hearing=hearing)
    await _more_than(core, 1)
    await Overrides(core).change(PLUGIN, TICK, OFF, "ann")
    at, before = await _now(core), await _count(core)
    await asyncio.sleep(2.5)
    assert await _count(core) == before
    assert await core.fetchval("select max(queued_at) from run") <= at
    assert await core.fetchval("select count(*) from schedule") == 0


@pytest.mark.patient
async def test_enabled_job_runs_again_within_a_second_and_owes_nothing(
    hosts: Hosts, core: Pool
) -> None:
    """All engines fire again; the slots between are neither run nor misfired."""
    engines = await hosts(TICK)
    await _more_than(core, 0)
    overrides = Overrides(core)
    await overrides.change(PLUGIN, TICK, OFF, "ann")
    before, off = await _count(core), await _now(core)
    await asyncio.sleep(2.2)
    await overrides.change(PLUGIN, TICK, ON, "ann")
    on = await _now(core)
    async with asyncio.timeout(1):
        while not all(engine._book.jobs()[0].enabled for engine in engines):
            await asyncio.sleep(0.01)
        while not await core.fetchval("select count(*) from schedule"):
            await asyncio.sleep(0.01)
    await _more_than(core, before, seconds=2.5)
    slots = await core.fetch("select slot from run where slot > $1", off)
    assert all(row["slot"] >= on for row in slots)
    assert await core.fetchval("select count(*) from job_override") == 0


@pytest.mark.patient
async def test_changed_trigger_ends_the_old_slots_everywhere(
    hosts: Hosts, core: Pool
) -> None:
    """Three engines fire the new slots only, once each, within a second."""
    await hosts(TICK)
    await _more_than(core, 1)
    patch = JobPatch(trigger=Every(seconds=2))
    await Overrides(core).change(PLUGIN, TICK, patch, "ann")
    at, before = await _now(core), await _count(core)
    await _more_than(core, before + 1)
    rows = await core.fetch(
        "select slot, queued_at from run where queued_at > $1 order by slot", at
    )
    slots = [row["slot"] for row in rows]
    assert {int(slot.timestamp()) % 2 for slot in slots} == {0}
    assert {b - a for a, b in pairwise(slots)} == {timedelta(seconds=2)}
    assert slots[0] - at <= timedelta(seconds=3)


async def test_stale_engine_never_brings_an_old_trigger_back(
    hosts: Hosts, core: Pool
) -> None:
    """An engine that has not heard observes its jobs and leaves a changed one alone."""
    (stale,) = await hosts(TICK, count=1, hearing=False)
    await _more_than(core, 0)
    overrides = Overrides(core)
    await overrides.change(PLUGIN, TICK, JobPatch(trigger=Every(hours=5)), "ann")
    stale.refresh()
    await asyncio.sleep(0.5)
    assert '"hours":5' in await core.fetchval("select trigger from schedule")
    await overrides.change(PLUGIN, TICK, OFF, "ann")
    stale.refresh()
    await asyncio.sleep(0.5)
    assert await core.fetchval("select count(*) from schedule") == 0


async def test_observer_waits_for_a_change_that_is_not_stored_yet(core: Pool) -> None:
    """Whoever observes while a change commits sees it, or is seen by it."""
    async with core.transaction() as connection:
        await connection.execute(SQL.lock_overrides)
        async with core.transaction() as other:
            await other.execute("set local lock_timeout = '0.2s'")
            with pytest.raises(Exception, match="lock timeout"):
                await other.execute(SQL.hold_overrides)


@pytest.mark.patient
async def test_disabling_holds_for_three_processes(
    core: Pool, database: ServerAddress
) -> None:
    """Three processes follow an override; from its withdrawal on none of them fires."""
    spec = JobSpec(name="write", title="Write", handler=nothing, overlap="allow")
    overrides = Overrides(core)
    await core.execute("create table written (run bigint primary key)")
    async with AsyncExitStack() as workers:
        starts = [running_worker(database, OPTIONS) for _ in range(3)]
        await asyncio.gather(*map(workers.enter_async_context, starts))
        patch = JobPatch(trigger=Every(seconds=1))
        await overrides.change(PLUGIN, spec, patch, "ann")
        await _more_than(core, 1)
        await overrides.change(PLUGIN, spec, OFF, "ann")
        at, before = await _now(core), await _count(core)
        await asyncio.sleep(2.5)
        assert await _count(core) == before
        assert await core.fetchval("select max(queued_at) from run") <= at
        await overrides.change(PLUGIN, spec, ON, "ann")
        await _more_than(core, before, seconds=2.5)


async def test_run_by_hand_of_a_disabled_job_is_refused(
    hosts: Hosts, core: Pool
) -> None:
    """Nobody runs a disabled job: the error says who disabled it or why."""
    (engine,) = await hosts(FILL, count=1)
    await Overrides(core).disable(PLUGIN, "fill", "watchdog", "it blocked the loop")
    with pytest.raises(JobDisabledError, match="it blocked the loop"):
        await engine.run_now(PLUGIN, "fill", None, by="ann")


async def test_scheduled_run_has_the_changed_parameters(
    hosts: Hosts, core: Pool
) -> None:
    """Changed parameters are those of scheduled runs, and under a manual one's."""
    (engine,) = await hosts(FILL, count=1)
    patch = JobPatch(trigger=Every(seconds=1), params={"litres": 7})
    await Overrides(core).change(PLUGIN, FILL, patch, "ann")
    await _more_than(core, 0)
    assert await core.fetchval("select params from run limit 1") == {"litres": 7}
    await core.execute("update run set state = 'succeeded', finished_at = now()")
    await Overrides(core).change(PLUGIN, FILL, JobPatch(trigger=Manual()), "ann")
    await core.execute("update run set state = 'succeeded', finished_at = now()")
    run = await engine.run_now(PLUGIN, "fill", {"tank": "south"}, by="ann")
    assert (await engine.get_run(run)).params == {"litres": 7, "tank": "south"}


async def test_change_is_shown_beside_the_plugins_own_word(core: Pool) -> None:
    """A job's detail tells values, defaults, who changed what, and the next slots."""
    plans = Plans(Shelf(FILL), core)
    patch = JobPatch(
        trigger=Cron("*/15 * * * *", "Europe/Berlin"),
        params={"litres": 5},
        timeout=9,
        retry=RetryPatch(attempts=2),
    )
    await plans.change(PLUGIN, "fill", patch, "ann")
    shown = await plans.change(
        PLUGIN, "fill", JobPatch(retry=RetryPatch(backoff=1)), "bob"
    )
    assert shown.values.params == {"litres": 5, "tank": "north"}
    assert shown.defaults.params == {"litres": 1, "tank": "north"}
    assert (shown.values.timeout, shown.defaults.timeout) == (9, 300)
    retry = shown.values.retry
    assert (retry.attempts, retry.backoff, retry.backoff_max) == (2, 1, 300)
    assert shown.trigger == "cron */15 * * * * (Europe/Berlin)"
    assert shown.overridden == ("trigger", "params", "timeout", "retry")
    assert shown.change is not None
    assert shown.change.changed_by == "bob"
    assert {b - a for a, b in pairwise(shown.next_slots)} == {timedelta(minutes=15)}
    assert shown.next_slot == shown.next_slots[0]
    assert shown.params_schema["$defs"]["Litres"]["properties"]["litres"]
    listed = await plans.list_jobs()
    assert [job.overridden for job in listed] == [shown.overridden]
    again = await plans.change(PLUGIN, "fill", JobPatch(timeout=None), "bob")
    assert again.overridden == ("trigger", "params", "retry")
    plain = await plans.reset(PLUGIN, "fill", "bob")
    assert (plain.change, plain.overridden, plain.next_slots) == (None, (), [])
    assert plain.values == plain.defaults
    assert await core.fetchval("select count(*) from job_override") == 0


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        (JobPatch(trigger=Every()), "interval"),
        (JobPatch(trigger=Every(seconds=5, jitter=1e9)), "jitter"),
        (JobPatch(trigger=Cron("* * * * *", "Mars/Base")), "zone"),
        (JobPatch(timeout=0), "timeout"),
        (JobPatch(timeout=86_401), "timeout"),
        (JobPatch(retry=RetryPatch(attempts=101)), "retry.attempts"),
        (JobPatch(retry=RetryPatch(attempts=-1)), "retry.attempts"),
        (JobPatch(retry=RetryPatch(backoff=1e6)), "retry.backoff"),
        (JobPatch(params={"litres": "many"}), "params.litres"),
        (JobPatch(params={"liters": 3}), "params.liters"),
    ],
)
async def test_change_that_cannot_be_is_refused_and_not_stored(
    core: Pool, patch: JobPatch, field: str
) -> None:
    """The error names the field, and the job stays as it was."""
    with pytest.raises(InvalidInputError) as refused:
        await Overrides(core).change(PLUGIN, FILL, patch, "ann")
    assert refused.value.field == field
    assert await Overrides(core).list_all() == []


async def test_faulty_cron_text_is_refused_with_the_position(core: Pool) -> None:
    """An operator sees at which character his text goes wrong."""
    patch = JobPatch(trigger=Cron("*/15 24 * * *"))
    with pytest.raises(InvalidCronError) as refused:
        await Overrides(core).change(PLUGIN, FILL, patch, "ann")
    assert refused.value.position == 6


async def test_upgrade_that_outgrew_an_override_runs_with_its_own_value(
    hosts: Hosts, core: Pool
) -> None:
    """What does not fit the new version is ignored and shown; the rest still holds."""
    patch = JobPatch(params={"litres": 7}, timeout=5)
    await Overrides(core).change(PLUGIN, FILL, patch, "ann")
    await core.execute("""update job_override set trigger = '{"kind": "moon"}'""")
    upgraded = msgspec.structs.replace(FILL, params=NoParams)
    shown = await Plans(Shelf(upgraded), core).show(PLUGIN, "fill")
    assert (shown.values.timeout, shown.values.params) == (5, {})
    assert shown.trigger == "on demand"
    trigger, params = shown.notices
    assert trigger.startswith("the changed trigger is not used")
    assert "has no such parameter" in params
    (engine,) = await hosts(upgraded, count=1)
    run = await engine.run_now(PLUGIN, "fill", None, by="ann")
    assert (await engine.get_run(run)).params is None


class Needy(msgspec.Struct, frozen=True):
    """A parameter without a default."""

    tank: str


async def test_schedule_of_a_job_that_needs_values_comes_with_them(core: Pool) -> None:
    """A trigger alone is refused where a scheduled run would lack a parameter."""
    spec = msgspec.structs.replace(FILL, params=Needy)
    overrides = Overrides(core)
    patch = JobPatch(trigger=Every(hours=1))
    with pytest.raises(InvalidInputError, match="trigger") as refused:
        await overrides.change(PLUGIN, spec, patch, "ann")
    assert "tank" in refused.value.remedy
    patch.params = {"tank": "north"}
    job = await overrides.change(PLUGIN, spec, patch, "ann")
    assert job.spec.trigger == Every(hours=1)
    assert msgspec.json.decode(job.params or "") == {"tank": "north"}
    with pytest.raises(InvalidInputError, match="trigger"):
        await overrides.change(PLUGIN, spec, JobPatch(params=None), "ann")


async def test_changes_at_the_same_time_all_hold(core: Pool) -> None:
    """Two operators who change different fields at once both get what they wish."""
    overrides = Overrides(core)
    patches = [JobPatch(timeout=5), JobPatch(params={"litres": 2}), OFF]
    async with asyncio.TaskGroup() as group:
        for patch in patches:
            group.create_task(overrides.change(PLUGIN, FILL, patch, "ann"))
    stored = await overrides.get(PLUGIN, "fill")
    assert stored is not None
    assert stored.fields == ("params", "timeout", "enabled")
