"""A context manager kept open by a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from nxforge_core.api import PluginContext, PluginId, PluginInfo
from nxforge_core.host._budget import StopBudget
from nxforge_core.host._deadlines import Deadlines
from nxforge_core.host._errors import LifeSpanTimeoutError
from nxforge_core.host._housekeeping import flushing
from nxforge_core.host._life import EndedError, Life
from nxforge_core.host._lifespans import Lifespans
from nxforge_core.services import SystemClock, get_log

METER = TimeoutError("the meter")
REFUSAL = ValueError("no manager")
OUTAGE = OSError("no database")
MARK: ContextVar[str] = ContextVar("mark", default="none")


class Stage:
    """Counts who enters and leaves; can be told to fail or to wait."""

    def __init__(self) -> None:
        self.entered = 0
        self.left = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.enter_error: BaseException | None = None
        self.leave_error: BaseException | None = None
        self.mark = ""
        self.tasks: set[Any] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        """The manager."""
        self.mark = MARK.get()
        self.tasks.add(asyncio.current_task())
        await self.gate.wait()
        if self.enter_error:
            raise self.enter_error
        self.entered += 1
        try:
            yield self.entered
        finally:
            self.left += 1
            self.tasks.add(asyncio.current_task())
            if self.leave_error:
                raise self.leave_error


@pytest.fixture
def stage() -> Stage:
    """A stage that lets everybody in."""
    return Stage()


async def test_many_starts_enter_once(stage: Stage) -> None:
    """Whoever asks first enters; all get the same value."""
    life = Life(stage.open)

    values = await asyncio.gather(*[life.start() for _ in range(5)])
    await life.stop()
    await life.stop()

    assert values == [1] * 5
    assert (stage.entered, stage.left) == (1, 1)


async def test_manager_is_left_by_the_task_that_entered_it(stage: Stage) -> None:
    """Starts and stops from any task reach one and the same."""
    life = Life(stage.open)

    await asyncio.gather(life.start())
    await asyncio.gather(life.stop())

    assert len(stage.tasks) == 1
    assert stage.tasks != {asyncio.current_task()}


async def test_cancelled_caller_does_not_cancel_the_start(stage: Stage) -> None:
    """A request that is given up takes nothing with it."""
    stage.gate.clear()
    life = Life(stage.open)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await life.start()

    stage.gate.set()

    assert await life.start() == 1
    await life.stop()


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ValueError("no"), ValueError),
        (SystemExit(3), EndedError),
        (StopAsyncIteration("odd"), RuntimeError),
    ],
)
async def test_failed_start_is_told_and_tried_again(
    stage: Stage, error: BaseException, raised: type[Exception]
) -> None:
    """A failure reaches whoever asked; the next one who asks may have more luck."""
    life = Life(stage.open)
    stage.enter_error = error
    for _ in range(2):
        with pytest.raises(raised):
            await life.start()

    stage.enter_error = None

    assert await life.start() == 1
    await life.stop()


async def test_error_at_the_end_is_raised_by_stop(stage: Stage) -> None:
    """Whoever stops learns what went wrong, and a new start is possible."""
    life = Life(stage.open)
    await life.start()
    stage.leave_error = ValueError("stuck")

    with pytest.raises(ValueError, match="stuck"):
        await life.stop()

    stage.leave_error = None
    assert await life.start() == 2
    await life.stop()


async def test_start_during_a_stop_waits_for_a_new_life(stage: Stage) -> None:
    """A start never answers what is just being left."""
    life = Life(stage.open)
    await life.start()

    stopping = asyncio.gather(life.stop())
    await asyncio.sleep(0)
    value = await life.start()
    await stopping

    assert (value, stage.left) == (2, 1)
    await life.stop()


async def test_life_does_not_carry_the_context_of_its_starter(stage: Stage) -> None:
    """What a host logs later must not bear the id of its first request."""
    MARK.set("of a request")
    life = Life(stage.open)

    await life.start()
    await life.stop()

    assert stage.mark == "none"


async def test_task_group_inside_cancels_nothing_outside() -> None:
    """A manager whose own task dies ends its life, tells so, and ends nothing else."""
    told: list[BaseException] = []

    async def die() -> None:
        raise ValueError

    @asynccontextmanager
    async def manager() -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            group.create_task(die())
            yield

    life = Life(manager, told.append)
    await life.start()
    for _ in range(5):
        await asyncio.sleep(0)

    assert isinstance(told[0], ExceptionGroup)
    with pytest.raises(ExceptionGroup):
        await life.stop()


def test_life_starts_again_in_another_loop() -> None:
    """Nothing of one event loop is kept for the next."""

    @asynccontextmanager
    async def manager() -> AsyncIterator[int]:
        yield 1

    life = Life(manager)

    async def once() -> int:
        value = await life.start()
        await life.stop()
        return value

    assert [asyncio.run(once()) for _ in range(2)] == [1, 1]


@pytest.fixture
def context() -> PluginContext[Any]:
    """A context of a plugin."""
    unused: Any = None
    return PluginContext(
        plugin=PluginInfo(PluginId("probe"), "nxforge-probe", "1.0"),
        settings=None,
        db=unused,
        http=unused,
        browser=unused,
        secrets=unused,
        jobs=unused,
        events=unused,
        log=get_log("probe"),
        clock=unused,
    )


Span = Callable[[PluginContext[Any]], Any]


async def begin(span: Span, context: PluginContext[Any], **seconds: float) -> None:
    """Begin a life span and end it at once."""
    async with AsyncExitStack() as stack:
        budget = StopBudget(10, SystemClock())
        deadlines = Deadlines(**seconds)
        spans = Lifespans(deadlines, lambda _plugin, _error: None, budget)
        await spans.begin(span, context, stack)


async def test_life_span_that_ignores_its_cancellation_is_left(
    context: PluginContext[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever swallows a cancellation holds nobody up."""
    release = asyncio.Event()

    @asynccontextmanager
    async def span(_: PluginContext[Any]) -> AsyncIterator[None]:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        yield

    with pytest.raises(LifeSpanTimeoutError, match=r"0\.01 s"):
        await begin(span, context, start=0.01, cancel=0.01)

    assert "ignores its cancellation" in caplog.text
    release.set()
    await asyncio.sleep(0.01)


async def test_own_timeout_of_a_life_span_is_its_own(
    context: PluginContext[Any],
) -> None:
    """A TimeoutError of the plugin is not taken for the host's deadline."""

    @asynccontextmanager
    async def span(_: PluginContext[Any]) -> AsyncIterator[None]:
        if context.plugin.version:
            raise METER
        yield

    with pytest.raises(TimeoutError, match="the meter"):
        await begin(span, context)


async def test_life_span_that_raises_at_once_is_told(
    context: PluginContext[Any],
) -> None:
    """The hook itself may fail before there is a manager."""

    def span(_: PluginContext[Any]) -> Any:
        raise REFUSAL

    with pytest.raises(ValueError, match="no manager"):
        await begin(span, context)


class Tokens:
    """Counts flushes; the first one fails if told so."""

    def __init__(self, failures: int = 0) -> None:
        self.flushed = 0
        self.failures = failures

    async def flush(self) -> None:
        """Count."""
        if self.failures:
            self.failures -= 1
            raise OUTAGE
        self.flushed += 1


async def test_flushing_goes_on_and_ends_with_a_flush(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is held back is stored now and then, after failures too, and at the end."""
    tokens = Tokens(failures=1)

    async with flushing([tokens], seconds=0.001), asyncio.timeout(5):
        while tokens.flushed < 2:  # noqa: ASYNC110  # the work of time is tested
            await asyncio.sleep(0.001)
    before = tokens.flushed

    assert "no database" in caplog.text
    async with flushing([tokens], seconds=1000):
        pass
    assert tokens.flushed == before + 1
