"""Runs that are run again, all of them or what failed."""

from __future__ import annotations

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
    RunId,
    UnknownItemError,
)
from nxforge_core.database import Pool
from nxforge_core.jobs import (
    Engine,
    JobBusyError,
    NothingFailedError,
    RunDetail,
    RunUnfinishedError,
)

PLUGIN = PluginId("meter-probe")
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]
Start = Callable[..., Awaitable[Engine]]


class Part(msgspec.Struct, frozen=True):
    """Numbers to work for; odd ones fail."""

    numbers: tuple[int, ...] = ()
    split: bool = False


class OddError(Exception):
    """A number that is odd."""


async def _work(_ctx: JobContext, params: Part) -> object:
    if params.split:
        return FanOut((Part((2, 4)), Part((3,)), Part((6, 7)), Part((8, 9, 11))))
    odd = tuple(n for n in params.numbers if n % 2)
    if odd == params.numbers and odd:
        raise OddError
    done = {"done": len(params.numbers) - len(odd)}
    return Outcome.partial(done, again=Part(odd)) if odd else done


def _job(**facts: Any) -> JobSpec:
    given: dict[str, Any] = {"params": Part} | facts
    return JobSpec(name="probe", title="Probe", handler=_work, **given)


async def _ended_run(engine: Engine, ended: Ended, **params: object) -> RunDetail:
    run = await engine.run_now(PLUGIN, "probe", params, by="ann")
    return await ended(engine, run)


async def test_whole_run_is_repeated_with_its_parameters(
    start_engine: Start, ended: Ended
) -> None:
    """`all` is a new manual run of who asks, with the same parameters."""
    engine = await start_engine(_job())
    was = await _ended_run(engine, ended, numbers=[2, 4])
    again = await ended(engine, await engine.rerun(was.id, "all", "ben"))
    assert again.params == was.params
    assert (again.trigger, again.asked_by, again.rerun_of) == ("manual", "ben", was.id)
    assert again.result == {"done": 2}


async def test_failed_shards_are_repeated_and_no_others(
    start_engine: Start, core: Pool, ended: Ended
) -> None:
    """`failed` of shards repeats the failed ones, and of partial ones what failed."""
    engine = await start_engine(_job())
    was = await _ended_run(engine, ended, split=True)
    assert (was.outcome, was.state) == ("partial", "succeeded")
    again = await ended(engine, await engine.rerun(was.id, "failed", "ben"))
    rows = await core.fetch(
        "select params from run where parent = $1 order by shard", again.id
    )
    assert [row["params"]["numbers"] for row in rows] == [[3], [7], [9, 11]]
    assert (again.rerun_of, again.attempt, again.state) == (was.id, 1, "failed")
    assert isinstance(again.result, dict)
    assert again.result["shards"]["failed"] == 3


async def test_what_a_plain_run_named_is_repeated(
    start_engine: Start, ended: Ended
) -> None:
    """`failed` of a plain run uses the parameters that its handler named."""
    engine = await start_engine(_job())
    was = await _ended_run(engine, ended, numbers=[2, 3, 4])
    assert was.outcome == "partial"
    again = await ended(engine, await engine.rerun(was.id, "failed", "ben"))
    assert again.params == {"numbers": [3], "split": False}
    assert again.state == "failed"
    once_more = await ended(engine, await engine.rerun(again.id, "failed", "ben"))
    assert once_more.params == again.params


async def test_nothing_failed_is_a_conflict(start_engine: Start, ended: Ended) -> None:
    """Where all succeeded there is nothing to repeat, with shards or without."""
    engine = await start_engine(_job())
    was = await _ended_run(engine, ended, numbers=[2])
    with pytest.raises(NothingFailedError, match="names nothing that failed"):
        await engine.rerun(was.id, "failed", "ben")


async def test_unfinished_run_is_not_repeated(start_engine: Start) -> None:
    """A run must have ended before it is run again; an unknown one never is."""
    engine = await start_engine(_job(), worker=False)
    run = await engine.run_now(PLUGIN, "probe", None, by="ann")
    for only in ("all", "failed"):
        with pytest.raises(RunUnfinishedError, match="it is queued"):
            await engine.rerun(run, only, "ben")
    with pytest.raises(UnknownItemError, match="there is no run 999"):
        await engine.rerun(RunId(999), "all", "ben")


async def test_rerun_waits_for_no_busy_job_and_no_lost_one(
    start_engine: Start, ended: Ended
) -> None:
    """A job that is unfinished or gone cannot be run again: the error says which."""
    engine = await start_engine(_job())
    was = await _ended_run(engine, ended, split=True)
    elsewhere = await start_engine()
    with pytest.raises(UnknownItemError, match="there is no job 'meter-probe/probe'"):
        await elsewhere.rerun(was.id, "all", "ben")
    await engine.stop()
    asker = await start_engine(_job(), worker=False)
    first = await asker.rerun(was.id, "failed", "ben")
    with pytest.raises(JobBusyError) as busy:
        await asker.rerun(was.id, "failed", "ben")
    assert busy.value.run == first
    assert (await asker.get_run(first)).state == "waiting"
