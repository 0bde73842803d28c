"""What is kept of runs, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from nxforge_core.api import JobContext, JobSpec, NoParams, PluginId
from nxforge_core.database import Pool
from nxforge_core.jobs import Job, JobPatch, Overrides
from nxforge_core.jobs.upkeep._keep import delete_old_runs

PLUGIN = PluginId("meter-probe")


async def _nothing(ctx: JobContext, params: NoParams) -> None:
    """Succeed."""


def _job(**facts: Any) -> Job:
    spec = JobSpec(name="probe", title="Probe", handler=_nothing, **facts)
    return Job(plugin=PLUGIN, spec=spec)


async def _store(core: Pool, name: str, ages: range) -> None:
    """Runs that ended so many days ago, the oldest first."""
    await core.execute(
        "insert into run (plugin, job, slot, trigger, exclusive, state, finished_at)"
        " select $1, $2, now() - make_interval(days => d), 'manual', false,"
        " 'succeeded', now() - make_interval(days => d)"
        " from unnest($3::integer[]) as d order by d desc",
        PLUGIN,
        name,
        list(ages),
    )


async def _ages(core: Pool, name: str = "probe") -> list[int]:
    rows = await core.fetch(
        "select extract(days from now() - slot)::integer as age from run"
        " where job = $1 and parent is null order by 1",
        name,
    )
    return [row["age"] for row in rows]


async def test_newest_runs_are_kept_and_no_more_than_the_job_says(core: Pool) -> None:
    """Beyond keep_runs the oldest finished runs go, however young they are."""
    await _store(core, "probe", range(1, 11))
    assert await delete_old_runs(core, [_job(keep_runs=4)]) == 6
    assert await _ages(core) == [1, 2, 3, 4]


async def test_unfinished_run_is_kept_and_not_counted(core: Pool) -> None:
    """A run that goes on is neither deleted nor one of those that are kept."""
    await _store(core, "probe", range(1, 4))
    await core.execute(
        "update run set state = 'running', finished_at = null"
        " where slot = (select min(slot) from run)"
    )
    assert await delete_old_runs(core, [_job(keep_runs=1)]) == 1
    assert await _ages(core) == [1, 3]


async def test_thousands_of_runs_go_in_batches(core: Pool) -> None:
    """More than one transaction deletes in one is deleted in several."""
    await core.execute(
        "insert into run (plugin, job, slot, trigger, exclusive, state, finished_at)"
        " select $1, 'probe', now() - make_interval(secs => n), 'manual', false,"
        " 'succeeded', now() from generate_series(1, 5000) n",
        PLUGIN,
    )
    assert await delete_old_runs(core, [_job(keep_runs=10)]) == 4990


async def test_shards_go_with_the_run_that_fanned_out(core: Pool) -> None:
    """Shards are no runs of their own to retention: never alone, never counted."""
    await _store(core, "probe", range(1, 3))
    await core.execute(
        "insert into run (plugin, job, slot, trigger, exclusive, state, shard, parent,"
        " finished_at) select plugin, job, slot, 'shard', false, 'succeeded', n, id,"
        " now() - interval '99 days' from run, generate_series(1, 5) n"
    )
    await core.execute("update run set shards = 5 where parent is null")
    assert await delete_old_runs(core, [_job(keep_runs=2)]) == 0
    assert await core.fetchval("select count(*) from run where shard > 0") == 10
    assert await delete_old_runs(core, [_job(keep_runs=1)]) == 1
    assert await _ages(core) == [1]
    assert await core.fetchval("select count(*) from run where shard > 0") == 5


async def test_runs_of_a_gone_job_go_90_days_after_the_last(core: Pool) -> None:
    """A plugin that is away keeps its history for a while; its overrides for ever."""
    await _store(core, "gone", range(91, 95))
    await _store(core, "away", range(89, 95))
    await Overrides(core).change(PLUGIN, _job().spec, JobPatch(timeout=5), "ann")
    old = datetime.now(tz=UTC) - timedelta(days=91)
    for name in ("gone", "probe"):
        await core.execute(
            "insert into schedule values ($1, $2, '{}', $3)", PLUGIN, name, old
        )
        await core.execute(
            "insert into run_idle values ($1, $2, $3, 7)", PLUGIN, name, old
        )
    assert await delete_old_runs(core, [_job(keep_days=365)]) == 4
    assert await _ages(core, "away") == list(range(89, 95))
    assert [row["job"] for row in await core.fetch("select job from schedule")] == [
        "probe"
    ]
    assert [row["job"] for row in await core.fetch("select job from run_idle")] == [
        "probe"
    ]
    assert await delete_old_runs(core, []) == 0
    assert len(await Overrides(core).list_all()) == 1
