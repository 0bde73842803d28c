"""The queue's worker is kept alive."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_core.jobs import EngineOptions
from nxforge_core.jobs._worker import supervise_worker


class QueueApp:
    """Procrastinate's application as far as supervision sees it."""

    def __init__(self) -> None:
        self.starts = 0
        self.options: dict[str, Any] = {}
        self.third = asyncio.Event()

    async def run_worker_async(self, **options: Any) -> None:
        """End in each of its ways, then go on."""
        self.starts += 1
        self.options = options
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
    app, notes = QueueApp(), Notes()
    link: Any = SimpleNamespace(app=app, queue="nx_0123abcd")
    options = EngineOptions(instance="0123abcd-0000-4000-8000-000000000000")
    log: Any = notes
    async with asyncio.TaskGroup() as group:
        work = supervise_worker(link, options, "w", StoppedClock(), log, first_pause=0)
        supervisor = group.create_task(work)
        await app.third.wait()
        supervisor.cancel()
    assert notes.why == ["ConnectionError: ", "it returned"]
    assert app.options["queues"] == ["nx_0123abcd"]
    assert app.options["delete_jobs"] == "always"
    assert app.options["install_signal_handlers"] is False
    with pytest.raises(asyncio.CancelledError):
        await supervisor
