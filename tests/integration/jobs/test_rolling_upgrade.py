"""Runs that were queued by one version of a plugin and are worked for by another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from nxforge_core.api import JobContext, JobSpec, NoParams, PluginId, RunId
from nxforge_core.jobs import Engine, RunDetail

PLUGIN = PluginId("meter-probe")
Start = Callable[..., Awaitable[Engine]]
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]


class Before(msgspec.Struct, frozen=True):
    """Parameters of the old version."""

    meter: str = "all"


class Wider(msgspec.Struct, frozen=True):
    """The same and one more, with a default."""

    meter: str = "all"
    hours: int = 24


class Stricter(msgspec.Struct, frozen=True):
    """The same and one more, without a default."""

    meter: str
    hours: int


async def _tell(_ctx: JobContext, params: Any) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(params)
    return told


def _job(params: Any, name: str = "probe") -> JobSpec:
    return JobSpec(
        name=name, title="Probe", handler=_tell, params=params, overlap="allow"
    )


async def _queued(start_engine: Start) -> RunId:
    """A run that the old version queued and nobody worked for."""
    old = await start_engine(_job(Before), worker=False, scheduler=False)
    run = await old.run_now(PLUGIN, "probe", {"meter": "m-1"}, by="ann")
    await old.stop()
    return run


async def test_queued_run_takes_the_defaults_of_new_parameters(
    start_engine: Start, ended: Ended
) -> None:
    """A parameter that came with the upgrade has its default in an older run."""
    run = await _queued(start_engine)
    new = await start_engine(_job(Wider))
    detail = await ended(new, run)
    assert (detail.state, detail.result) == ("succeeded", {"meter": "m-1", "hours": 24})


async def test_queued_run_that_fits_no_longer_fails_and_says_why(
    start_engine: Start, ended: Ended
) -> None:
    """Parameters that the new version cannot read fail the run, and nothing else."""
    run = await _queued(start_engine)
    new = await start_engine(_job(Stricter), _job(NoParams, name="other"))
    detail = await ended(new, run)
    assert detail.state == "failed"
    assert isinstance(detail.error, dict)
    assert "missing required field `hours`" in detail.error["message"]
    other = await new.run_now(PLUGIN, "other", None, by="ann")
    assert (await ended(new, other)).state == "succeeded"


async def test_queued_run_is_left_to_a_worker_that_has_the_job(
    start_engine: Start, ended: Ended, queue_tables: Any
) -> None:
    """A process whose version has the job no more passes the run on, uncounted."""
    run = await _queued(start_engine)
    new = await start_engine(_job(NoParams, name="other"))
    while (detail := await new.get_run(run)).attempt == 1:
        await queue_tables.execute("select pg_sleep(0.05)")
    assert (detail.state, detail.tries, detail.losses) == ("queued", 0, 0)
    old = await start_engine(_job(Before), _job(NoParams, name="other"))
    await new.stop()
    await queue_tables.execute("update procrastinate_jobs set scheduled_at = now()")
    assert (await ended(old, run)).result == {"meter": "m-1"}
