"""Slots that become runs, and those that must not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from nxforge_core.api import Every, JobContext, JobSpec, PluginId, Retry, RunId
from nxforge_core.database import DatabaseUnavailableError, Pool, ServerAddress
from nxforge_core.jobs import Engine, Job, JobDisabledError, Queue, RunDetail
from nxforge_core.jobs.delivery._link import Link
from nxforge_core.jobs.firing._fire import fire_slot
from nxforge_core.jobs.triggers._trigger_text import trigger_text
from nxforge_core.services import get_log

PLUGIN = PluginId("meter-probe")
QUEUE = "nx_0123abcd"
SLOT = datetime(2026, 3, 1, 12, tzinfo=UTC)
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]
Start = Callable[..., Awaitable[Engine]]


class Hours(msgspec.Struct, frozen=True):
    """Parameters."""

    hours: int = 24


async def _nothing(ctx: JobContext, params: Hours) -> None:
    """Succeed."""


def _job(**facts: Any) -> Job:
    given = {"trigger": Every(minutes=5), "params": Hours} | facts
    spec = JobSpec(name="probe", title="Probe", handler=_nothing, **given)
    return Job(plugin=PLUGIN, spec=spec)


async def _plan(core: Pool, job: Job) -> None:
    await core.execute(
        "insert into schedule values ($1, $2, $3, $4)",
        *job.key,
        trigger_text(job.spec.trigger),
        SLOT - timedelta(days=1),
    )


@pytest.fixture
async def link(core: Pool, database: ServerAddress) -> AsyncIterator[Link]:
    """The queue, with nobody who works."""
    await core.fetchval("select 1")
    async with Queue(database, QUEUE) as queue:
        yield await queue.link()


async def test_fired_slot_has_the_parameters_and_the_instant_it_is_due(
    link: Link, core: Pool
) -> None:
    """Overridden parameters are copied; jitter moves when it is due, not the slot."""
    job = _job(trigger=Every(minutes=5, jitter=60))
    job = msgspec.structs.replace(job, params='{"hours": 3}')
    await _plan(core, job)
    await fire_slot(link, job, SLOT, get_log("test"))
    row = await core.fetchrow("select slot, due_at, params from run")
    assert row is not None
    assert (row["slot"], row["params"]) == (SLOT, {"hours": 3})
    assert SLOT < row["due_at"] <= SLOT + timedelta(seconds=60)


async def test_slot_of_a_trigger_that_was_changed_leaves_no_row(
    link: Link, core: Pool
) -> None:
    """Who still has the old trigger fires nothing, and records nothing."""
    await _plan(core, _job(trigger=Every(minutes=7)))
    await fire_slot(link, _job(), SLOT, get_log("test"))
    await fire_slot(link, _job(overlap="allow"), SLOT, get_log("test"))
    assert await core.fetchval("select count(*) from run") == 0


async def test_slot_that_is_settled_or_unplanned_leaves_no_row(
    link: Link, core: Pool
) -> None:
    """Nothing is fired for a job nobody observed, nor before where it is settled."""
    await fire_slot(link, _job(), SLOT, get_log("test"))
    await _plan(core, _job())
    await core.execute("update schedule set settled = $1", SLOT)
    await fire_slot(link, _job(), SLOT, get_log("test"))
    assert await core.fetchval("select count(*) from run") == 0


async def _disable(core: Pool) -> None:
    await core.execute(
        "insert into job_override (plugin, job, enabled, note, changed_by)"
        " values ($1, 'probe', false, 'it blocked the loop', 'ann')",
        PLUGIN,
    )


async def test_disabled_job_fires_nothing_and_refuses_wishes(
    link: Link, core: Pool, database: ServerAddress
) -> None:
    """A slot of a disabled job leaves no row; a manual run is refused, with the why."""
    await _plan(core, _job())
    await _disable(core)
    await fire_slot(link, _job(), SLOT, get_log("test"))
    async with Queue(database, QUEUE) as queue:
        with pytest.raises(JobDisabledError, match="disabled: it blocked the loop"):
            await queue.run_now(_job(), None, by="ann")
    assert await core.fetchval("select count(*) from run") == 0


async def test_slot_fired_while_the_job_is_changed_waits_for_the_change(
    link: Link, core: Pool
) -> None:
    """From the commit of a change on nobody fires what was planned before it."""
    await _plan(core, _job())
    async with core.transaction() as connection:
        await connection.execute("update schedule set trigger = 'other'")
        firing = asyncio.get_running_loop().create_task(
            fire_slot(link, _job(), SLOT, get_log("test"))
        )
        await asyncio.sleep(0.3)
        assert not firing.done()
    await firing
    assert await core.fetchval("select count(*) from run") == 0


async def test_queued_run_of_a_disabled_job_is_skipped(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """What was queued before the job was disabled does not begin."""
    spec = JobSpec(name="probe", title="Probe", handler=_nothing, params=Hours)
    asker = await start_engine(spec, worker=False)
    run = await asker.run_now(PLUGIN, "probe", None, by="ann")
    await _disable(core)
    await start_engine(spec)
    detail = await ended(asker, run)
    assert (detail.state, detail.note) == ("skipped", "the job is disabled")


async def test_lateness_is_that_of_the_first_attempt(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """Waiting for a retry makes no run late; each ended attempt is in its chain."""

    async def failing(_ctx: JobContext, _params: Hours) -> None:
        raise ValueError

    retry = Retry(attempts=2, backoff=0.4)
    spec = JobSpec(
        name="probe", title="Probe", handler=failing, params=Hours, retry=retry
    )
    engine = await start_engine(spec)
    run = await engine.run_now(PLUGIN, "probe", None, by="ann")
    detail = await ended(engine, run)
    assert (detail.state, detail.attempt, detail.tries) == ("failed", 3, 2)
    chain = await core.fetch(
        "select attempt, state, worker is not null as known, seconds, note, started_at,"
        " error->>'type' as type from run_attempt where run = $1 order by attempt",
        run,
    )
    assert [(r["attempt"], r["state"], r["known"], r["type"]) for r in chain] == [
        (1, "failed", True, "ValueError"),
        (2, "failed", True, "ValueError"),
    ]
    assert [row["note"] for row in chain] == ["try 1 failed", "try 2 failed"]
    assert all(row["seconds"] >= 0 for row in chain)
    assert detail.due_at is not None
    begun = (chain[0]["started_at"] - detail.due_at).total_seconds()
    assert detail.late == pytest.approx(max(begun, 0), abs=0.001)


class LosingAnswers:
    """A link whose first commit is stored and not answered."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.lost = 0
        self.defer = link.defer

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """Commit, then fail once."""
        async with self.link.transaction() as connection:
            yield connection
        if not self.lost:
            self.lost += 1
            server, why = "the server", "the answer was lost"
            raise DatabaseUnavailableError(server, why)


async def test_slot_whose_commit_was_not_answered_has_one_run(
    link: Link, core: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    """An unknown outcome is resolved by firing once more, which changes nothing."""
    await _plan(core, _job())
    losing: Any = LosingAnswers(link)
    with caplog.at_level(logging.INFO):
        await fire_slot(losing, _job(overlap="allow"), SLOT, get_log("test"))
    assert await core.fetchval("select count(*) from run") == 1
    assert "fire_outcome_unknown" in caplog.text
    assert "outcome_resolved" in caplog.text
