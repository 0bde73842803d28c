"""Reading runs, with rows that a test writes and no engine."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from nxforge_core.api import (
    InvalidInputError,
    JobSpec,
    PluginId,
    RunId,
    UnknownItemError,
)
from nxforge_core.database import Pool
from nxforge_core.jobs import Job, RunFilter, Runs, Statistics
from nxforge_core.jobs._sql import SQL

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
INSERT = """
insert into run (plugin, job, slot, shard, parent, trigger, exclusive, state, outcome,
    note, attempt, started_at, finished_at, seconds, late, shards, worker, error,
    memory_growth, file_growth, thread_growth)
values ($1, $2, $3, $4, $5, $6, false, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
    $17::text::jsonb, $18, $19, $20)
returning id
"""
DEFAULTS: dict[str, Any] = {
    "plugin": "pump",
    "job": "fill",
    "slot": AT,
    "shard": 0,
    "parent": None,
    "trigger": "schedule",
    "state": "succeeded",
    "outcome": "ok",
    "note": None,
    "attempt": 1,
    "started_at": None,
    "finished_at": None,
    "seconds": None,
    "late": None,
    "shards": None,
    "worker": None,
    "error": None,
    "memory_growth": None,
    "file_growth": None,
    "thread_growth": None,
}


class Book:
    """Writes runs, each a minute after the one before."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.count = 0

    async def add(self, **facts: Any) -> RunId:
        """One run."""
        self.count += 1
        slot = AT + timedelta(minutes=self.count)
        row = {**DEFAULTS, "slot": slot, **facts}
        return RunId(await self.pool.fetchval(INSERT, *row.values()))

    async def log(self, run: RunId, *lines: tuple[str, str, dict[str, Any]]) -> None:
        """Lines of a run."""
        for number, (level, event, facts) in enumerate(lines, 1):
            await self.pool.execute(
                "insert into run_log values ($1, $2, 1, now(), $3, $4, $5)",
                run,
                number,
                level,
                event,
                facts,
            )


@pytest.fixture
def book(core: Pool) -> Book:
    """Where a test writes its runs."""
    return Book(core)


@pytest.fixture
def runs(core: Pool) -> Runs:
    """What it reads them by."""
    return Runs(core)


async def ids(runs: Runs, **wanted: Any) -> list[int]:
    """Ids of the runs that a filter finds."""
    return [run.id for run in await runs.list_runs(RunFilter(**wanted))]


async def test_filters_find_just_what_they_name(runs: Runs, book: Book) -> None:
    """Plugin, job, states, trigger and slots narrow the list, alone and together."""
    fill = await book.add(slot=AT)
    lost = await book.add(state="lost", outcome=None)
    drain = await book.add(job="drain", trigger="manual", state="failed")
    other = await book.add(plugin="valve")

    assert await ids(runs) == [other, drain, lost, fill]
    assert await ids(runs, plugin="pump") == [drain, lost, fill]
    assert await ids(runs, plugin="pump", job="fill") == [lost, fill]
    assert await ids(runs, states=["lost", "failed"]) == [drain, lost]
    assert await ids(runs, trigger="manual") == [drain]
    assert await ids(runs, until=AT + timedelta(seconds=1)) == [fill]
    assert await ids(runs, since=AT + timedelta(seconds=1), plugin="pump") == [
        drain,
        lost,
    ]


async def test_pages_go_on_where_the_last_one_ended(runs: Runs, book: Book) -> None:
    """Keyset paging sees every run once, though new ones come between."""
    old = [await book.add() for _ in range(5)]
    first = await runs.list_runs(limit=2)
    await book.add()
    second = await runs.list_runs(limit=2, before=first[-1].id)
    third = await runs.list_runs(limit=2, before=second[-1].id)

    assert [run.id for run in (*first, *second, *third)] == old[::-1]


async def test_shards_are_listed_with_their_parent_only(runs: Runs, book: Book) -> None:
    """A list of runs is no list of a thousand shards; they have their own, in order."""
    parent = await book.add(state="waiting", outcome=None, shards=3)
    shards = [
        await book.add(
            slot=AT, shard=shard, parent=parent, trigger="shard", state=state
        )
        for shard, state in ((1, "succeeded"), (2, "failed"), (3, "queued"))
    ]

    ordered = await runs.list_shards(parent)
    page = await runs.list_shards(parent, after=1, limit=1)
    failed = await runs.list_shards(parent, states=["failed"])
    detail = await runs.get_run(parent)

    assert await ids(runs) == [parent]
    assert await ids(runs, parent=parent) == shards[::-1]
    assert [run.shard for run in ordered] == [1, 2, 3]
    assert [run.shard for run in page] == [2]
    assert [run.shard for run in failed] == [2]
    assert detail.shards is not None
    assert (detail.shards.total, detail.shards.done) == (3, 2)
    assert detail.shards.states == {"failed": 1, "queued": 1, "succeeded": 1}
    assert detail.why == "waiting: 2 of 3 shards ended"


async def test_run_that_is_not_there_is_named(runs: Runs) -> None:
    """Detail, log, shards and pulse of an unknown run are 404, not emptiness."""
    for asked in (runs.get_run, runs.run_logs, runs.list_shards, runs.pulse):
        with pytest.raises(UnknownItemError, match="99"):
            await asked(RunId(99))


async def test_attempts_are_told_in_order_with_the_current_one(
    runs: Runs, book: Book, core: Pool
) -> None:
    """Whoever asks sees each attempt: where it ran, how it ended, why it went on."""
    begun = AT + timedelta(seconds=20)
    run = await book.add(
        state="failed",
        outcome=None,
        attempt=2,
        started_at=begun,
        finished_at=begun,
        worker="pc:2",
        seconds=1.0,
        error='{"type": "ValueError", "message": "no"}',
    )
    await core.execute(
        "insert into run_attempt (run, attempt, state, worker, started_at, note) "
        "values ($1, 1, 'lost', 'pc:1', $2, 'no sign of life')",
        run,
        AT,
    )

    detail = await runs.get_run(run)
    attempts = [(one.attempt, one.state, one.worker) for one in detail.attempts]

    assert attempts == [(1, "lost", "pc:1"), (2, "failed", "pc:2")]
    assert detail.attempts[1].error == {"type": "ValueError", "message": "no"}
    assert detail.why == "failed: ValueError: no"


async def test_attempt_that_waits_has_not_begun(
    runs: Runs, book: Book, core: Pool
) -> None:
    """A queued attempt does not show the worker of the one before."""
    run = await book.add(
        state="queued", outcome=None, attempt=2, started_at=AT, worker="pc:1"
    )
    await core.execute(
        "insert into run_attempt (run, attempt, state, worker, started_at) "
        "values ($1, 1, 'failed', 'pc:1', $2)",
        run,
        AT,
    )

    last = (await runs.get_run(run)).attempts[-1]

    assert (last.attempt, last.state) == (2, "queued")
    assert (last.worker, last.started_at) == (None, None)


async def test_slot_that_got_no_run_has_no_attempt(runs: Runs, book: Book) -> None:
    """A skipped slot says why, and claims no attempt."""
    run = await book.add(state="skipped", outcome=None, note="run 17 was not finished")

    detail = await runs.get_run(run)

    assert detail.attempts == []
    assert detail.why == "skipped: run 17 was not finished"


async def test_log_is_searched_and_filtered(runs: Runs, book: Book) -> None:
    """Level and text narrow the log; signs of patterns are only signs."""
    run = await book.add()
    await book.log(
        run,
        ("info", "Meter read", {"meter": "Cellar 100%"}),
        ("warning", "slow", {"ms": 900}),
        ("error", "no answer from 10.0.0.7", {}),
        ("info", "done 100 of 100", {}),
    )

    async def found(**wanted: Any) -> list[int]:
        return [line.line for line in await runs.run_logs(run, **wanted)]

    assert await found(level="warning") == [2, 3]
    assert await found(search="CELLAR") == [1]
    assert await found(search="100%") == [1]
    assert await found(search="100", after=1) == [4]
    assert await found(search="900", level="error") == []
    assert await found(limit=2) == [1, 2]
    with pytest.raises(InvalidInputError, match="loud"):
        await found(level="loud")


async def test_statistics_are_those_of_python(core: Pool, book: Book) -> None:
    """Median and percentiles agree with Python's own, to the last digit but one."""
    now = datetime.now(UTC)
    seconds = [0.5 * number**1.5 for number in range(1, 38)]
    for one in seconds:
        await book.add(finished_at=now, seconds=one, late=one / 10)
    await book.add(state="failed", outcome=None, finished_at=now, seconds=400.0)
    await book.add(state="lost", outcome=None, finished_at=now, seconds=None)
    for state in ("skipped", "misfired", "cancelled"):
        await book.add(state=state, outcome=None, finished_at=now)
    await book.add(finished_at=now - timedelta(days=31), seconds=9999.0)
    await book.add(outcome="idle", finished_at=now, seconds=0.001)
    await core.execute(
        "insert into run_idle values ('pump', 'fill', date_trunc('hour', now()), 41)"
    )

    found = await Statistics(core).of_job("pump", "fill")
    worked, late = [*seconds, 400.0], [one / 10 for one in seconds]
    cut = statistics.quantiles(worked, n=100, method="inclusive")
    late_cut = statistics.quantiles(late, n=100, method="inclusive")

    assert found.median_seconds == pytest.approx(statistics.median(worked))
    assert found.p95_seconds == pytest.approx(cut[94])
    assert found.median_late == pytest.approx(statistics.median(late))
    assert found.p95_late == pytest.approx(late_cut[94])
    assert found.p99_late == pytest.approx(late_cut[98])
    assert found.success_rate == pytest.approx(37 / 39)
    assert (found.runs, found.idle, found.last_success_at) == (42, 41, now)
    assert (found.skipped, found.misfired, found.cancelled, found.lost) == (1, 1, 1, 1)


async def test_statistics_look_at_the_newest_runs(core: Pool, book: Book) -> None:
    """What went wrong long ago does not count for ever."""
    now = datetime.now(UTC)
    for minute in range(4):
        state = "failed" if minute < 2 else "succeeded"
        await book.add(state=state, finished_at=now + timedelta(minutes=minute - 9))

    assert (await Statistics(core).of_job("pump", "fill", newest=2)).success_rate == 1
    assert (await Statistics(core).of_job("pump", "fill")).success_rate == 0.5


async def test_job_that_never_ran_has_no_figures(core: Pool) -> None:
    """Nothing is not zero per cent; every job that is asked for is answered."""
    found = await Statistics(core).of_jobs([("pump", "fill"), ("pump", "drain")])

    assert set(found) == {("pump", "fill"), ("pump", "drain")}
    assert found["pump", "fill"].runs == 0
    assert found["pump", "fill"].success_rate is None
    assert found["pump", "fill"].p95_seconds is None


async def test_growth_shows_within_five_runs(core: Pool, book: Book) -> None:
    """A job that leaks ten megabytes a run stands out from one that does not."""
    now = datetime.now(UTC)
    leak = {"memory_growth": 10_000_000, "file_growth": 2, "thread_growth": 1}
    flat = {"memory_growth": 0, "file_growth": 0, "thread_growth": 0}
    for minute in range(5):
        done = {"finished_at": now + timedelta(minutes=minute), "seconds": 1.5}
        await book.add(**leak, **done)
        await book.add(job="drain", **flat, **done)

    drain, fill = await Statistics(core).usage(PluginId("pump"), ["fill", "drain"])
    (newest, *_) = await Statistics(core).usage(PluginId("pump"), ["fill"], newest=2)

    assert (drain.job, drain.runs, drain.memory_growth) == ("drain", 5, 0)
    assert (fill.runs, fill.memory_growth) == (5, 50_000_000)
    assert (fill.file_growth, fill.thread_growth, fill.seconds) == (10, 5, 7.5)
    assert newest.memory_growth == 20_000_000


def scans(plan: dict[str, Any]) -> set[str]:
    """Indexes that a plan uses, and `seq` where it reads a whole table."""
    own = {plan["Index Name"]} if "Index Name" in plan else set()
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == "run":
        own.add("seq")
    return own.union(*(scans(below) for below in plan.get("Plans", [])))


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (RunFilter(), "run_pkey"),
        (RunFilter(plugin="p7", job="j3"), "run_by_job"),
        (RunFilter(plugin="p7", job="j3", states=["failed"]), "run_by_job"),
        (RunFilter(parent=RunId(7)), "run_shards"),
        (RunFilter(states=["queued", "running"]), "run_unfinished"),
    ],
)
async def test_list_uses_an_index_in_a_large_table(
    core: Pool, wanted: RunFilter, index: str
) -> None:
    """Over 20,000 runs no page reads the whole table, not even asked for often."""
    await core.execute(
        "insert into run (plugin, job, slot, trigger, exclusive, state, finished_at) "
        "select 'p' || n % 20, 'j' || n % 7, now() - n * interval '1 minute', "
        "'schedule', false, 'succeeded', now() from generate_series(1, 20000) as n"
    )
    await core.execute(
        "insert into run (plugin, job, slot, shard, parent, trigger, exclusive, state) "
        "select 'p1', 'j1', now(), n, 7, 'shard', false, 'queued' "
        "from generate_series(1, 30) as n"
    )
    await core.execute("analyze run")
    arguments = [*wanted.arguments(), None, 50]
    async with core.transaction() as connection:
        kinds = "text, text, text[], text, bigint, timestamptz, timestamptz, bigint"
        await connection.execute(f"prepare page ({kinds}, bigint) as {SQL.list_runs}")
        given = ", ".join(map(literal, arguments))
        for _ in range(8):
            await connection.fetch(f"execute page ({given})")
        text = await connection.fetchval(
            f"explain (format json) execute page ({given})"
        )

    used = scans(text[0]["Plan"])
    assert index in used
    assert "seq" not in used


def literal(value: object) -> str:
    """A value of the filter as SQL text."""
    if isinstance(value, list):
        return f"'{{{','.join(value)}}}'"
    if isinstance(value, str):
        return f"'{value}'"
    return "null" if value is None else str(value)


async def fill(ctx: Any, params: Any) -> None:
    """Nobody calls it."""


async def test_job_list_carries_its_figures(runs: Runs, book: Book) -> None:
    """Success rate, median and p95 stand beside each job."""
    now = datetime.now(UTC)
    await book.add(finished_at=now, seconds=2.0)
    await book.add(finished_at=now, seconds=4.0, state="failed", outcome=None)
    spec = JobSpec(name="fill", title="Fill", handler=fill)

    (state,) = await runs.list_jobs([Job(plugin=PluginId("pump"), spec=spec)], now)

    assert (state.success_rate, state.median_seconds) == (0.5, 3.0)
    assert state.p95_seconds == pytest.approx(3.9)


async def test_pulse_tells_lines_and_progress(
    runs: Runs, book: Book, core: Pool
) -> None:
    """Followers see how far a run is by one short row."""
    run = await book.add(state="running", outcome=None)
    await book.log(run, ("info", "begun", {}))
    await core.execute(
        "update run set progress = $2 where id = $1",
        run,
        {"done": 1, "total": 4, "text": "half"},
    )

    pulse = await runs.pulse(run)

    assert msgspec.to_builtins(pulse) == {
        "state": "running",
        "attempt": 1,
        "note": None,
        "ended": False,
        "progress": {"done": 1, "total": 4, "text": "half"},
        "lines": 1,
    }


async def test_idle_run_that_was_late_or_lost_a_worker_is_listed_and_kept(
    book: Book, runs: Runs
) -> None:
    """It may explain what was not done."""
    long_ago = AT - timedelta(hours=1)
    await book.add(outcome="idle", finished_at=long_ago)
    await book.add(outcome="idle", finished_at=long_ago, late=4.9)
    late = await book.add(outcome="idle", finished_at=long_ago, late=5)
    lost = await book.add(outcome="idle", finished_at=long_ago)
    await book.pool.execute("update run set losses = 1 where id = $1", lost)
    await book.pool.execute(
        "insert into schedule (plugin, job, trigger, settled)"
        " values ('pump', 'fill', 'every 60 s', now())"
    )

    await book.pool.execute(SQL.forget_idle)

    assert await book.pool.fetchval("select array_agg(id order by id) from run") == [
        late,
        lost,
    ]
    assert await ids(runs) == [lost, late]
