"""An engine that is stopped while a library swallows its cancellation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from nxforge_core.database import Pool, ServerAddress
from nxforge_core.events import Listener
from nxforge_core.jobs import Engine, EngineOptions, Queue
from nxforge_core.services import SystemClock

if TYPE_CHECKING:
    from nxforge_core.jobs.delivery._link import Link

OPTIONS = EngineOptions(
    instance="0123abcd-0000-4000-8000-000000000000", grace=0.1, cleanup=0.1
)


class SwallowingQueue(Queue):
    """Opens as `asyncio.wait_for` of Python 3.11 may: cancelled, it goes on."""

    def __init__(self, *arguments: Any, swallows: int) -> None:
        super().__init__(*arguments)
        self.opening = asyncio.Event()
        self._swallows = swallows

    async def link(self) -> Link:
        """Open the queue, deaf to so many cancellations."""
        link = await super().link()
        for _ in range(self._swallows):
            with suppress(asyncio.CancelledError):
                self.opening.set()
                await asyncio.sleep(60)
        return link


class EngineOf(Engine):
    """An engine on a given queue."""

    def __init__(self, queue: Queue, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._queue = queue


class NoJobs:
    """A registry without a plugin."""

    def jobs(self) -> tuple[()]:
        """None at all."""
        return ()

    def job(self, plugin: str, name: str) -> None:
        """None."""

    def context(self, plugin: str) -> Any:
        """There is no plugin to have one."""
        raise LookupError(plugin)


@pytest.fixture
def engine_of(
    core: Pool, database: ServerAddress
) -> Callable[[int], tuple[Engine, SwallowingQueue]]:
    """An engine whose queue swallows so many cancellations, and that queue."""

    def make(swallows: int) -> tuple[Engine, SwallowingQueue]:
        options, clock = OPTIONS, SystemClock()
        listener = Listener(database)
        queue = SwallowingQueue(
            database, options.queue, clock, listener, swallows=swallows
        )
        engine = EngineOf(queue, core, database, NoJobs(), clock, options, listener)
        return engine, queue

    return make


@pytest.mark.parametrize(("swallows", "seconds"), [(1, 1.5), (2, 4.0)])
async def test_stop_ends_the_engine_when_a_cancellation_is_swallowed(
    engine_of: Callable[[int], tuple[Engine, SwallowingQueue]],
    swallows: int,
    seconds: float,
) -> None:
    """A stop during the start returns: at once, or with its second cancellation."""
    engine, queue = engine_of(swallows)
    await engine.start()
    async with asyncio.timeout(8):
        await queue.opening.wait()

    began = time.monotonic()
    async with asyncio.timeout(10):
        await engine.stop()

    assert time.monotonic() - began < seconds
    assert engine.state == "stopped"
    assert asyncio.all_tasks() == {asyncio.current_task()}
