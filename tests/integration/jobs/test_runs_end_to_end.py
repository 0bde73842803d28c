"""Runs from the wish to the record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from nxforge_core.api import (
    InvalidInputError,
    JobContext,
    JobSpec,
    NoParams,
    Outcome,
    PluginId,
    Retry,
    RunId,
    UnknownItemError,
)
from nxforge_core.database import Pool, ServerAddress
from nxforge_core.jobs import (
    Engine,
    Job,
    JobBusyError,
    Queue,
    RunDetail,
    RunFilter,
    Runs,
)
from nxforge_core.services import SystemClock

PLUGIN = PluginId("meter-probe")
Ended = Callable[[Engine, RunId], Awaitable[RunDetail]]
Start = Callable[..., Awaitable[Engine]]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of the job under test."""

    hours: int = 24
    rate: float = 0.5


class NoReadingError(Exception):
    """The meter said nothing."""


def _job(handler: Callable[..., Awaitable[Any]], **facts: Any) -> JobSpec:
    return JobSpec(name="probe", title="Probe", handler=handler, **facts)


async def test_run_records_result_times_and_parameters(
    start_engine: Start, ended: Ended
) -> None:
    """A manual run stores what it was given, what it gave and how long it took."""

    async def handler(_ctx: JobContext, params: Limits) -> dict[str, object]:
        return {"energy": Decimal("12.50"), "hours": params.hours, "rate": params.rate}

    engine = await start_engine(_job(handler, params=Limits))
    run = await engine.run_now(PLUGIN, "probe", {"hours": 3, "rate": 1.5}, by="ann")
    detail = await ended(engine, run)
    assert detail.state == "succeeded"
    assert detail.outcome == "ok"
    assert detail.result == {"energy": "12.50", "hours": 3, "rate": 1.5}
    assert detail.params == {"hours": 3, "rate": 1.5}
    assert (detail.trigger, detail.asked_by, detail.attempt) == ("manual", "ann", 1)
    assert detail.seconds is not None
    assert 0 <= detail.seconds < 5
    assert detail.started_at is not None
    assert detail.finished_at is not None
    assert detail.queued_at <= detail.started_at <= detail.finished_at


async def test_run_keeps_logged_lines_in_order(
    start_engine: Start, ended: Ended
) -> None:
    """Everything logged inside the run, in its tasks too, is stored with facts."""

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        ctx.log.info("began", meter="a\x00b")
        async with asyncio.TaskGroup() as group:
            group.create_task(_log_inside(ctx))
        await ctx.progress(1, 2, "half")

    engine = await start_engine(_job(handler))
    run = await engine.run_now(PLUGIN, "probe", None, by="ann")
    detail = await ended(engine, run)
    assert detail.progress == {"done": 1, "total": 2, "text": "half"}
    lines = await engine.run_logs(run)
    assert [(line.line, line.level, line.event) for line in lines] == [
        (1, "info", "began"),
        (2, "warning", "inside"),
    ]
    assert isinstance(lines[0].facts, dict)
    assert lines[0].facts["meter"] in ("a\ufffdb", "a\\x00b")
    assert await engine.run_logs(run, after=2) == []


async def _log_inside(ctx: JobContext) -> None:
    ctx.log.warning("inside")


@pytest.mark.parametrize("retries", [0, 2])
async def test_retry_attempts_come_after_the_first(
    start_engine: Start, ended: Ended, retries: int
) -> None:
    """A job that always fails runs once and then as often as its policy says."""
    calls: list[int] = []

    async def handler(ctx: JobContext, _params: NoParams) -> None:
        calls.append(ctx.run.attempt)
        raise NoReadingError

    retry = Retry(attempts=retries, backoff=0.05)
    engine = await start_engine(_job(handler, retry=retry))
    run = await engine.run_now(PLUGIN, "probe", None, by="ann")
    detail = await ended(engine, run)
    assert detail.state == "failed"
    assert calls == list(range(1, retries + 2))
    assert (detail.attempt, detail.tries) == (retries + 1, retries)
    assert isinstance(detail.error, dict)
    assert detail.error["type"] == "NoReadingError"
    assert "raise NoReadingError" in detail.error["traceback"]


async def test_retry_that_works_clears_the_error(
    start_engine: Start, ended: Ended
) -> None:
    """A run whose second attempt works succeeded, without the first one's error."""

    async def handler(ctx: JobContext, _params: NoParams) -> str:
        if ctx.run.attempt == 1:
            raise NoReadingError
        return "read"

    engine = await start_engine(_job(handler, retry=Retry(attempts=5, backoff=0.05)))
    detail = await ended(engine, await engine.run_now(PLUGIN, "probe", None, by="a"))
    assert (detail.state, detail.attempt, detail.result) == ("succeeded", 2, "read")
    assert detail.error is None


async def test_timeout_stops_the_handler(start_engine: Start, ended: Ended) -> None:
    """A handler past its time is cancelled, cleans up, and the run is timed_out."""
    cleaned = asyncio.Event()

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cleaned.set()

    engine = await start_engine(_job(handler, timeout=0.2))
    detail = await ended(engine, await engine.run_now(PLUGIN, "probe", None, by="a"))
    assert detail.state == "timed_out"
    assert cleaned.is_set()
    assert isinstance(detail.error, dict)
    assert detail.error["message"] == "no result within 0.2 s"
    assert detail.seconds is not None
    assert 0.2 <= detail.seconds < 2


async def test_handler_that_ignores_its_end_is_counted(
    start_engine: Start, ended: Ended
) -> None:
    """A handler that swallows its cancellation is abandoned, named and counted."""
    free = asyncio.Event()

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        while not free.is_set():
            try:
                await free.wait()
            except asyncio.CancelledError:
                continue

    engine = await start_engine(_job(handler, timeout=0.1))
    detail = await ended(engine, await engine.run_now(PLUGIN, "probe", None, by="a"))
    assert detail.state == "timed_out"
    assert detail.note == "the handler ignores its cancellation and still runs"
    assert engine.health().abandoned == 1
    free.set()


@pytest.mark.parametrize(
    ("outcome", "state", "kind"),
    [
        (Outcome.partial({"failed": 1}), "succeeded", "partial"),
        (Outcome.failed({"failed": 1}), "failed", "failed"),
    ],
)
async def test_outcome_decides_the_state(
    start_engine: Start, ended: Ended, outcome: Outcome, state: str, kind: str
) -> None:
    """Some failed items are a success with a mark; all failed items are a failure."""

    async def handler(_ctx: JobContext, _params: NoParams) -> Outcome:
        return outcome

    engine = await start_engine(_job(handler, retry=Retry(attempts=3)))
    detail = await ended(engine, await engine.run_now(PLUGIN, "probe", None, by="a"))
    assert (detail.state, detail.outcome, detail.attempt) == (state, kind, 1)
    assert detail.result == {"failed": 1}


async def test_handler_that_exits_fails_alone(
    start_engine: Start, ended: Ended
) -> None:
    """A handler that calls sys.exit ends its run and not the process."""

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        raise SystemExit(3)

    engine = await start_engine(_job(handler))
    detail = await ended(engine, await engine.run_now(PLUGIN, "probe", None, by="a"))
    assert detail.state == "failed"
    assert isinstance(detail.error, dict)
    assert detail.error["type"] == "HandlerExitError"


async def test_wrong_parameter_is_named_and_queues_nothing(start_engine: Start) -> None:
    """A parameter of the wrong type is refused before anything is stored."""

    async def handler(_ctx: JobContext, _params: Limits) -> None:
        return None

    engine = await start_engine(_job(handler, params=Limits))
    with pytest.raises(InvalidInputError) as refused:
        await engine.run_now(PLUGIN, "probe", {"hours": "many"}, by="ann")
    assert refused.value.field == "params.hours"
    assert refused.value.remedy == "expected `int`, got `str`"
    with pytest.raises(UnknownItemError):
        await engine.run_now(PLUGIN, "nothing", None, by="ann")
    assert await engine.list_runs() == []


async def test_busy_job_refuses_a_manual_run(start_engine: Start) -> None:
    """A job that never overlaps names the unfinished run instead of starting again."""

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        return None

    engine = await start_engine(_job(handler), worker=False)
    first = await engine.run_now(PLUGIN, "probe", None, by="ann")
    with pytest.raises(JobBusyError) as busy:
        await engine.run_now(PLUGIN, "probe", None, by="ann")
    assert busy.value.run == first


async def test_queue_and_runs_work_without_an_engine(
    start_engine: Start, ended: Ended, core: Pool, database: ServerAddress
) -> None:
    """A process without an engine asks for a run that another one works for."""

    async def handler(_ctx: JobContext, _params: NoParams) -> str:
        return "done elsewhere"

    spec = _job(handler)
    job = Job(plugin=PLUGIN, spec=spec)
    engine = await start_engine(spec)
    async with Queue(database, "nx_0123abcd") as queue:
        run = await queue.run_now(job, None, by="cli")
    assert (await ended(engine, run)).result == "done elsewhere"
    jobs = await Runs(core).list_jobs([job], SystemClock().now())
    assert [(one.name, one.trigger, one.last_run) for one in jobs] == [
        ("probe", "on demand", run)
    ]


async def test_lists_page_and_name_what_is_wrong(start_engine: Start) -> None:
    """Pages follow each other by id; a wrong state, limit or id is an error."""

    async def handler(_ctx: JobContext, _params: NoParams) -> None:
        return None

    engine = await start_engine(_job(handler, overlap="allow"), worker=False)
    made = [await engine.run_now(PLUGIN, "probe", None, by="a") for _ in range(3)]
    page = await engine.list_runs(limit=2)
    assert [run.id for run in page] == [made[2], made[1]]
    rest = await engine.list_runs(
        RunFilter(states=["queued"]), limit=2, before=page[-1].id
    )
    assert [run.id for run in rest] == [made[0]]
    with pytest.raises(InvalidInputError, match="state is 'done'"):
        await engine.list_runs(RunFilter(states=["done"]))
    with pytest.raises(InvalidInputError, match="limit is 0"):
        await engine.list_runs(limit=0)
    with pytest.raises(UnknownItemError):
        await engine.get_run(RunId(999))
    with pytest.raises(UnknownItemError):
        await engine.run_logs(RunId(999))
