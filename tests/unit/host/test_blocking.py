"""Counting blocks of the event loop, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from nxforge_core.api import PluginId
from nxforge_core.host._block_meters import BlockMeters
from nxforge_core.host._blocking import Blocking
from nxforge_core.plugins import BUILT_IN, Owner
from nxforge_core.services import Frame, Stall, job_name

METER = PluginId("meter")
OWNER = Owner(id=METER, distribution="meter", folder=Path("/lib/cast_meter"))
FRAME = Frame("/lib/cast_meter/plugin.py", 5, "collect")
BEGUN = Stall(seconds=0.25, frames=(FRAME,), task="Task-1")
ENDED = Stall(seconds=1.5, frames=(FRAME,), task="Task-1", ended=True)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        """Some instant."""
        return datetime(2026, 11, 23, tzinfo=UTC)

    def monotonic(self) -> float:
        """The seconds it was moved to."""
        return self.seconds


class Switch:
    """Remembers what was disabled."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str, str]] = []
        self.error: Exception | None = None

    async def disable(self, plugin: str, job: str, by: str, note: str) -> None:
        """Disable a job, or fail to."""
        self.calls.append((plugin, job, by, note))
        if self.error is not None:
            raise self.error


@pytest.fixture
def clock() -> HandClock:
    """A clock in the hand of the test."""
    return HandClock()


@pytest.fixture
def switch() -> Switch:
    """Where jobs are disabled."""
    return Switch()


@contextmanager
def in_job(job: str = "collect") -> Iterator[None]:
    """The context of a job's task."""
    token = job_name.set((METER, job))
    yield
    job_name.reset(token)


async def settle() -> None:
    """Let the loop do what it was handed."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_job_is_disabled_at_its_limit(clock: HandClock, switch: Switch) -> None:
    """The third block within an hour disables the job, and the note says why."""
    blocking = Blocking([OWNER], clock, 3, switch.disable)
    async with blocking.watching():
        with in_job():
            for _ in range(2):
                blocking.report(BEGUN)
                blocking.report(ENDED)
            await settle()
            assert switch.calls == []
            blocking.report(BEGUN)
        await settle()

    note = "it blocked the event loop 3 times within an hour, at "
    note += "/lib/cast_meter/plugin.py:5"
    assert switch.calls == [("meter", "collect", "nxforge", note)]


async def test_job_gets_its_chances_again_once_disabled(
    clock: HandClock, switch: Switch
) -> None:
    """An operator who enables the job does not see it disabled by the next block."""
    blocking = Blocking([OWNER], clock, 2, switch.disable)
    async with blocking.watching():
        with in_job():
            for _ in range(3):
                blocking.report(BEGUN)
                await settle()

    assert len(switch.calls) == 1


async def test_disabling_is_tried_again_when_it_failed(
    clock: HandClock, switch: Switch
) -> None:
    """A database that is away puts the disabling off to the next block."""
    switch.error = OSError("away")
    blocking = Blocking([OWNER], clock, 1, switch.disable)
    async with blocking.watching():
        with in_job():
            blocking.report(BEGUN)
            await settle()
            switch.error = None
            blocking.report(BEGUN)
            await settle()

    assert [call[3][:32] for call in switch.calls] == [
        "it blocked the event loop once w",
        "it blocked the event loop 2 time",
    ]


async def test_blocks_count_apart_and_for_an_hour(
    clock: HandClock, switch: Switch
) -> None:
    """Two jobs, two hours, a route, or a limit of 0: nothing is disabled."""
    blocking = Blocking([OWNER], clock, 2, switch.disable)
    lenient = Blocking([OWNER], clock, 0, switch.disable)
    async with blocking.watching(), lenient.watching():
        for job in ("collect", "clean"):
            with in_job(job):
                blocking.report(BEGUN)
        clock.seconds += 3601
        with in_job():
            blocking.report(BEGUN)
            for _ in range(4):
                lenient.report(BEGUN)
        blocking.report(BEGUN)
        blocking.report(BEGUN)
        await settle()

    assert switch.calls == []


def test_last_block_is_told_for_an_hour(clock: HandClock, switch: Switch) -> None:
    """A plugin's health knows its last block and forgets it again."""
    blocking = Blocking([OWNER], clock, 3, switch.disable)
    assert blocking.describe(METER) is None

    with in_job():
        blocking.report(BEGUN)
    during = blocking.describe(METER)
    blocking.report(ENDED)
    after = blocking.describe(METER)
    clock.seconds += 3601

    at = "/lib/cast_meter/plugin.py:5 in job collect"
    assert during == f"it blocked the event loop for 0.25 s at {at}"
    assert after == f"it blocked the event loop for 1.50 s at {at}"
    assert blocking.describe(METER) is None


def test_blocks_are_metered_by_plugin(clock: HandClock, switch: Switch) -> None:
    """A scraper sees how often and how long, the host's own blocks too."""
    registry = CollectorRegistry()
    meters = BlockMeters(registry)
    blocking = Blocking([OWNER], clock, 3, switch.disable, meters)

    blocking.report(BEGUN)
    blocking.report(ENDED)
    blocking.report(ENDED)
    blocking.report(Stall(seconds=0.3, frames=()))

    def sample(name: str, plugin: str) -> float | None:
        return registry.get_sample_value(name, {"plugin": plugin})

    assert sample("nxforge_loop_blocked_total", METER) == 1
    assert sample("nxforge_loop_blocked_seconds_total", METER) == 1.5
    assert sample("nxforge_loop_blocked_total", BUILT_IN) == 1


def test_block_is_logged_with_its_place(
    clock: HandClock, switch: Switch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names plugin, job, file, line and stack, and the end of it."""
    blocking = Blocking([OWNER], clock, 3, switch.disable)

    with in_job():
        blocking.report(BEGUN)
        blocking.report(ENDED)

    begun, ended = (dict(record.msg) for record in caplog.records)  # type: ignore[call-overload]  # structlog's own dicts
    place = {"plugin": "meter", "job": "collect", "file": FRAME.file, "line": 5}
    assert begun.items() >= {"event": "loop_blocked", "level": "error", **place}.items()
    assert begun["stack"] == ["/lib/cast_meter/plugin.py:5 collect"]
    assert ended["event"] == "loop_answers_again"
    assert ended["seconds"] == 1.5
