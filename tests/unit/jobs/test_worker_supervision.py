"""The queue's worker is kept alive."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_core.api import PluginId
from nxforge_core.jobs import EngineOptions
from nxforge_core.jobs.delivery._worker import PluginWorker


class Queue:
    """What makes Procrastinate's workers, as far as supervision sees it."""

    def __init__(self) -> None:
        self.starts = 0
        self.options: dict[str, Any] = {}
        self.third = asyncio.Event()

    def queue_of(self, plugin: str) -> str:
        """Name a queue."""
        return f"nx_0123abcd_{plugin}"

    def worker(self, **options: Any) -> Any:
        """Make a worker."""
        self.options = options
        return SimpleNamespace(run=self.run, worker_id=self.starts)

    async def run(self) -> None:
        """End in each of its ways, then go on."""
        self.starts += 1
        if self.starts == 1:
            raise ConnectionError
        if self.starts == 3:
            self.third.set()
            await asyncio.Event().wait()


class StoppedClock:
    """A clock on which every worker lasts a minute."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """An instant."""
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        """A minute more with each look."""
        self.seconds += 60
        return self.seconds


class Notes:
    """A log that remembers warnings."""

    def __init__(self) -> None:
        self.why: list[object] = []

    def warning(self, event: str, **facts: object) -> None:
        """Note why the worker ended."""
        assert event == "queue_worker_ended"
        self.why.append(facts["why"])


async def test_worker_that_raises_or_returns_is_started_again() -> None:
    """Whichever way a worker ends, the next one starts, until cancelled."""
    queue, notes = Queue(), Notes()
    link: Any = queue
    log: Any = notes
    worker = PluginWorker(
        link,
        EngineOptions(instance="0123abcd", limits={"racks": 4}),
        PluginId("racks"),
        name="w",
        clock=StoppedClock(),
        log=log,
        first_pause=0,
    )
    async with asyncio.TaskGroup() as group:
        supervisor = group.create_task(worker.run())
        await queue.third.wait()
        supervisor.cancel()
    assert notes.why == ["ConnectionError: ", "it returned"]
    assert queue.options["queues"] == ["nx_0123abcd_racks"]
    assert queue.options["concurrency"] == 4
    assert queue.options["delete_jobs"] == "always"
    assert queue.options["install_signal_handlers"] is False
    assert worker.id == 2
    with pytest.raises(asyncio.CancelledError):
        await supervisor


class LastingClock:
    """A clock on which each worker lasts as many seconds as the next of a list."""

    def __init__(self, *lasted: float) -> None:
        self._looks = [at for each in lasted for at in (0.0, each)]

    def now(self) -> datetime:
        """An instant."""
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        """Zero at each start, what it lasted at its end."""
        if not self._looks:
            raise asyncio.CancelledError
        return self._looks.pop(0)


class Pauses:
    """A log that remembers how long a worker's start was put off."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def warning(self, event: str, *, restart_in: float, **_facts: object) -> None:
        """Note the pause."""
        assert event == "queue_worker_ended"
        self.seconds.append(restart_in)


class Ending(Queue):
    """A queue whose workers end at once."""

    async def run(self) -> None:
        """End."""


async def test_pause_grows_when_workers_end_at_once_and_not_when_they_last() -> None:
    """A tight loop of crashes is slowed down; crashes seconds apart are not."""
    link: Any = Ending()
    log: Any = Pauses()
    worker = PluginWorker(
        link,
        EngineOptions(instance="0123abcd"),
        PluginId("racks"),
        name="w",
        clock=LastingClock(0.1, 0.1, 0.1, 6.0, 6.0, 0.1),
        log=log,
        first_pause=0.001,
    )
    with pytest.raises(asyncio.CancelledError):
        await worker.run()
    assert log.seconds == [0.001, 0.002, 0.004, 0.001, 0.001, 0.002]
