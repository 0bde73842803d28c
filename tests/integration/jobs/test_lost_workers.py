# ruff: noqa: ASYNC110 - polls the database, where nobody sets an event
"""Workers that vanish, are late, or are told to stop."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from workers import running_worker

from nxforge_core.api import (
    Cron,
    Every,
    JobContext,
    JobName,
    JobSpec,
    Manual,
    NoParams,
    PluginContext,
    PluginId,
    RunId,
)
from nxforge_core.database import Pool, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.jobs import (
    Engine,
    EngineOptions,
    FencedError,
    Job,
    Queue,
    RunDetail,
    Runs,
    grant_fence,
)
from nxforge_core.services import SystemClock

PLUGIN = PluginId("meter-probe")
QUICK = EngineOptions(
    instance="0123abcd-0000-4000-8000-000000000000",
    poll=0.2,
    heartbeat=0.2,
    stalled=1.0,
    reap=0.3,
    concurrency=4,
)
Start = Callable[..., Awaitable[Engine]]
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]


def _job(handler: Callable[..., Awaitable[Any]], **facts: Any) -> JobSpec:
    given: dict[str, Any] = {"trigger": Manual(), "overlap": "allow"} | facts
    return JobSpec(name="write", title="Write", handler=handler, **given)


async def _nothing(ctx: JobContext, params: NoParams) -> None:
    """Succeed."""


class NoJobs:
    """A registry of a host without plugins."""

    def jobs(self) -> list[tuple[PluginId, JobSpec]]:
        """None."""
        return []

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """None."""
        return {(owner, spec.name): spec for owner, spec in self.jobs()}.get(
            (plugin, name)
        )

    def context(self, plugin: PluginId) -> PluginContext[Any]:
        """Nothing of the kind."""
        raise KeyError(plugin)


@pytest.mark.timeout(60)
@pytest.mark.patient
async def test_killed_workers_lose_no_run_and_double_none(
    core: Pool, database: ServerAddress
) -> None:
    """Workers are killed at random: every run is finished once and wrote one row."""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201 - a failure is repeated with it
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    await core.execute("create table written (run bigint primary key)")
    async with Queue(database, QUICK.queue) as queue:
        for _ in range(24):
            await queue.run_now(
                Job(plugin=PLUGIN, spec=_job(_nothing)), None, by="test"
            )
    lost = "select count(*) from run where state = 'running'"
    kills = 0
    while kills < 3 or not await core.fetchval(lost):
        assert kills < 12, f"no kill hit a run (seed {seed})"
        async with running_worker(database, QUICK) as process:
            await asyncio.sleep(chance.uniform(0.1, 0.7))
            process.kill()
        kills += 1
    unfinished = "select count(*) from run where finished_at is null"
    async with running_worker(database, QUICK), asyncio.timeout(30):
        while await core.fetchval(unfinished):
            await asyncio.sleep(0.1)
    states = await core.fetch("select state, count(*) as n from run group by state")
    assert {row["state"]: row["n"] for row in states} == {"succeeded": 24}, seed
    assert await core.fetchval("select sum(losses) from run") > 0, seed
    assert await core.fetchval("select count(*) from written") == 24, seed
    assert await core.fetchval("select count(*) from nxq.procrastinate_jobs") == 0


@pytest.mark.timeout(60)
@pytest.mark.patient
async def test_sums_of_shards_are_right_under_kills(
    core: Pool, database: ServerAddress
) -> None:
    """Workers are killed at random amid 120 shards: every parent ends, once summed."""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201 - a failure is repeated with it
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    spec = JobSpec(name="add", title="Add", handler=_nothing, overlap="allow")
    async with Queue(database, QUICK.queue) as queue:
        for _ in range(6):
            await queue.run_now(Job(plugin=PLUGIN, spec=spec), None, by="test")
    for _ in range(4):
        async with running_worker(database, QUICK) as process:
            await asyncio.sleep(chance.uniform(0.1, 0.4))
            process.kill()
    unfinished = "select count(*) from run where finished_at is null"
    async with running_worker(database, QUICK), asyncio.timeout(30):
        while await core.fetchval(unfinished):
            await asyncio.sleep(0.1)
    parents = await core.fetch("select result from run where parent is null")
    counts = {"total": 20, "succeeded": 20, "partial": 0, "cancelled": 0, "failed": 0}
    assert [row["result"] for row in parents] == 6 * [{"sum": 210, "shards": counts}], (
        seed
    )
    assert await core.fetchval("select sum(losses) from run") > 0, seed
    assert await core.fetchval("select count(*) from run where parent > 0") == 120


async def test_run_that_takes_its_worker_along_ends_as_lost(
    start_engine: Start, queue_tables: Pool, ended: Ended
) -> None:
    """A run whose deliveries vanish again and again is given up, not tried for ever."""
    engine = await start_engine(_job(_nothing), worker=False)
    run = await engine.run_now(PLUGIN, "write", None, by="test")
    async with asyncio.timeout(15):
        while (await engine.get_run(run)).state == "queued":
            await queue_tables.execute("delete from procrastinate_jobs")
            await asyncio.sleep(0.05)
    detail = await ended(engine, run)
    assert (detail.state, detail.losses) == ("lost", 4)
    assert detail.note == "its delivery was lost"


async def test_run_that_is_still_locked_keeps_no_other_from_being_taken_back(
    start_engine: Start, core: Pool, queue_tables: Pool, ended: Ended
) -> None:
    """A vanished worker's open transaction holds up its own run, until it is over."""
    asker = await start_engine(_job(_nothing), worker=False, reap=60.0)
    locked = await asker.run_now(PLUGIN, "write", None, by="test")
    free = await asker.run_now(PLUGIN, "write", None, by="test")
    await core.execute("update run set state = 'running', worker = 'gone'")
    async with core.transaction() as connection:
        await connection.execute("select nxforge.fence($1, 1)", locked)
        # Not before: whoever looks for lost runs just now may take this one as well.
        await queue_tables.execute("delete from procrastinate_jobs")
        engine = await start_engine(_job(_nothing))
        assert (await ended(engine, free)).state == "succeeded"
        assert (await engine.get_run(locked)).state == "running"
    assert (await ended(engine, locked)).losses == 1


async def test_end_that_could_not_be_stored_is_taken_back(
    start_engine: Start, queue_tables: Pool, ended: Ended
) -> None:
    """A run that its own worker has no longer in hand is run again by anybody."""
    engine = await start_engine(_job(_nothing))
    run = await engine.run_now(PLUGIN, "write", None, by="test")
    await ended(engine, run)
    # As a worker leaves it whose last statement found no database.
    await queue_tables.execute(
        "with job as (insert into procrastinate_jobs"
        " (queue_name, task_name, status, args, worker_id)"
        " select 'nx_0123abcd', 'nxforge.run', 'doing', '{}', max(id)"
        " from procrastinate_workers returning id)"
        " update run set state = 'running', finished_at = null, queue_job = job.id"
        " from job where run.id = $1",
        run,
    )
    async with asyncio.timeout(10):
        while (detail := await engine.get_run(run)).attempt == 1:
            await asyncio.sleep(0.05)
    detail = await ended(engine, run)
    assert (detail.state, detail.losses) == ("succeeded", 1)
    async with asyncio.timeout(5):
        while await queue_tables.fetchval("select count(*) from procrastinate_jobs"):
            await asyncio.sleep(0.05)


async def test_stop_gives_long_runs_back_and_lets_short_ones_finish(
    start_engine: Start, ended: Ended
) -> None:
    """Within the grace a run ends; past it the run is another worker's, uncounted."""
    first_attempts: list[str] = []

    async def handler(ctx: JobContext, _params: NoParams) -> str:
        if ctx.run.attempt == 1:
            first_attempts.append("began")
            await asyncio.sleep(0.2 if len(first_attempts) == 1 else 60)
        return f"attempt {ctx.run.attempt}"

    engine = await start_engine(_job(handler))
    short = await engine.run_now(PLUGIN, "write", None, by="test")
    long = await engine.run_now(PLUGIN, "write", None, by="test")
    async with asyncio.timeout(5):
        while len(first_attempts) < 2:
            await asyncio.sleep(0.01)
    other = await start_engine(_job(handler), worker=False)
    began = asyncio.get_running_loop().time()
    await engine.stop()
    assert asyncio.get_running_loop().time() - began < 3
    assert engine.state == "stopped"
    results = {(await other.get_run(run)).result for run in (short, long)}
    given_back = [r for r in (short, long) if (await other.get_run(r)).result is None]
    assert results == {"attempt 1", None}
    detail = await other.get_run(given_back[0])
    assert (detail.state, detail.attempt, detail.tries, detail.losses) == (
        "queued",
        2,
        0,
        0,
    )
    assert detail.note == "given back: its worker stopped"
    third = await start_engine(_job(handler))
    assert (await ended(third, given_back[0])).result == "attempt 2"


async def test_fence_refuses_a_late_writer(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """A handler whose run was given to another worker meanwhile stores nothing."""
    await core.execute("create table written (run bigint, attempt int)")
    told: list[Exception] = []

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        if ctx.run.attempt == 1:
            await core.execute("update run set attempt = 2 where id = $1", ctx.run.id)
        try:
            async with ctx.transaction() as connection:
                await connection.execute(
                    "insert into written values ($1, $2)", ctx.run.id, ctx.run.attempt
                )
        except FencedError as error:
            told.append(error)
            raise

    engine = await start_engine(_job(handler))
    run = await engine.run_now(PLUGIN, "write", None, by="test")
    detail = await ended(engine, run)
    assert [error.run for error in told if isinstance(error, FencedError)] == [run]
    written = await core.fetch("select attempt from written")
    assert [row["attempt"] for row in written] == [3]
    assert (detail.state, detail.attempt, detail.losses) == ("succeeded", 3, 1)


async def test_plugin_role_may_use_the_fence_and_read_no_run(
    core: Pool, database: ServerAddress
) -> None:
    """A plugin's login can hold its run and sees nothing of the run table."""
    await core.execute(
        "insert into run (plugin, job, slot, trigger, exclusive, state)"
        " values ('p', 'j', now(), 'manual', false, 'running')"
    )
    role = f"nxp_fence_{database.database}"
    await core.execute(f"create role {role} login password 'for-this-test'")
    try:
        await grant_fence(core, role)
        plugin = Pool(database.with_role(role, "for-this-test"), search_path="public")
        try:
            await plugin.execute("select nxforge.fence($1, $2)", 1, 1)
            with pytest.raises(Exception, match="run 1 attempt 2 is no longer"):
                await plugin.execute("select nxforge.fence($1, $2)", 1, 2)
            with pytest.raises(Exception, match="permission denied for table run"):
                await plugin.fetch("select * from nxforge.run")
        finally:
            await plugin.close()
    finally:
        await core.execute(f"drop owned by {role}; drop role {role}")


async def test_engine_without_a_database_says_so_and_stops(
    core: Pool, database: ServerAddress
) -> None:
    """An engine that cannot reach its queue is failing, tells why, and tries again."""
    nowhere = ServerAddress(host="127.0.0.1", port=1, database=database.database)
    engine = Engine(core, nowhere, NoJobs(), SystemClock(), QUICK, Listener(nowhere))
    await engine.start()
    await engine.start()
    async with asyncio.timeout(10):
        while engine.state == "starting":
            await asyncio.sleep(0.02)
    health = engine.health()
    assert (health.state, health.running) == ("failing", 0)
    assert health.detail.startswith("DatabaseUnavailableError: ")
    engine.refresh()
    await engine.stop()
    await engine.stop()
    assert engine.state == "stopped"


async def test_broken_trigger_is_reported_and_stops_no_other_job(
    start_engine: Start, core: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    """A job whose cron text is wrong is not scheduled; the next one is."""
    broken = JobSpec(
        name="broken", title="Broken", handler=_nothing, trigger=Cron("61 * * * *")
    )
    sound = _job(_nothing, trigger=Every(seconds=1))
    await start_engine(broken, sound)
    async with asyncio.timeout(5):
        while not await core.fetchval("select count(*) from run where job = 'write'"):
            await asyncio.sleep(0.05)
    assert "job_not_scheduled" in caplog.text
    jobs = [Job(plugin=PLUGIN, spec=spec) for spec in (broken, sound)]
    found = await Runs(core).list_jobs(jobs, SystemClock().now())
    listed = {job.name: job for job in found}
    assert listed[JobName("broken")].next_slot is None
    assert listed[JobName("write")].next_slot is not None


async def test_run_waits_for_a_worker_that_has_the_plugin(
    start_engine: Start, queue_tables: Pool
) -> None:
    """Where the job is not here its run goes back, and in the end is skipped."""
    other = JobSpec(name="other", title="Other", handler=_nothing)
    without = await start_engine(other)
    asker = await start_engine(_job(_nothing), worker=False)
    run = await asker.run_now(PLUGIN, "write", None, by="test")
    async with asyncio.timeout(5):
        while (detail := await without.get_run(run)).attempt == 1:
            await asyncio.sleep(0.05)
    assert (detail.state, detail.tries) == ("queued", 0)
    assert detail.note == "waits for a worker that has the plugin's job"
    older = "update run set queued_at = queued_at - interval '1 h'"
    await queue_tables.execute(older)
    await queue_tables.execute("update procrastinate_jobs set scheduled_at = now()")
    async with asyncio.timeout(5):
        while (detail := await without.get_run(run)).finished_at is None:
            await asyncio.sleep(0.05)
    assert (detail.state, detail.note) == ("skipped", "no worker has the plugin's job")


async def test_run_of_a_plugin_that_is_nowhere_is_skipped_in_the_end(
    start_engine: Start, core: Pool, queue_tables: Pool, ended: Ended
) -> None:
    """Where nobody has begun a run of the plugin for ten minutes, nobody will."""
    asker = await start_engine(_job(_nothing), worker=False)
    run = await asker.run_now(PLUGIN, "write", None, by="test")
    await asker.stop()
    without = await start_engine()
    await asyncio.sleep(1)
    assert (await without.get_run(run)).state == "queued"
    await core.execute("update run set queued_at = queued_at - interval '1 h'")
    detail = await ended(without, run)
    assert (detail.state, detail.note) == ("skipped", "no worker has the plugin's job")
    assert await queue_tables.fetchval("select count(*) from procrastinate_jobs") == 0
