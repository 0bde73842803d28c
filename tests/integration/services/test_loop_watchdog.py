"""A loop that is really blocked."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable

import pytest
import uvloop

from nxforge_core.services import LoopWatchdog, Stall, run_id


class Witness:
    """Remembers reports, with the moment and the run they came for."""

    def __init__(self) -> None:
        self.stalls: list[Stall] = []
        self.at: list[float] = []
        self.runs: list[int | None] = []

    def report(self, stall: Stall) -> None:
        """Take one."""
        self.stalls.append(stall)
        self.at.append(time.monotonic())
        self.runs.append(run_id.get())


def block(seconds: float) -> None:
    """Block whatever thread this is."""
    time.sleep(seconds)  # noqa: TID251 - on purpose


async def block_in_child(run: int) -> None:
    """Block in a task that a run's task made."""
    run_id.set(run)

    async def child() -> None:
        block(0.5)

    async with asyncio.TaskGroup() as group:
        group.create_task(child(), name="the child")


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop])
def on_loop(
    request: pytest.FixtureRequest,
) -> Callable[[Callable[[], Awaitable[None]]], None]:
    """Run something on a loop of each kind."""

    def run(work: Callable[[], Awaitable[None]]) -> None:
        async def whole() -> None:
            await work()

        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(whole())

    return run


def test_blocked_loop_is_reported_while_it_is_blocked(
    on_loop: Callable[..., None],
) -> None:
    """The stack is told within half a second, the whole length at the end, once."""
    seen, began = Witness(), 0.0

    async def work() -> None:
        nonlocal began
        async with LoopWatchdog(seen.report):
            await asyncio.sleep(0.15)
            began = time.monotonic()
            block(1.0)
            await asyncio.sleep(0.25)

    on_loop(work)

    begun, ended = seen.stalls
    assert seen.at[0] - began < 0.5
    assert (begun.ended, ended.ended) == (False, True)
    assert begun.frames[-1].file == __file__
    assert begun.frames[-1].function == "block"
    assert begun.frames[-1].line == block.__code__.co_firstlineno + 2
    assert 0.85 < ended.seconds < 1.2


def test_report_runs_in_the_context_of_the_task_that_blocks(
    on_loop: Callable[..., None],
) -> None:
    """What is told belongs to the run, also where its handler made tasks."""
    seen = Witness()

    async def work() -> None:
        async with LoopWatchdog(seen.report):
            await asyncio.sleep(0)
            await asyncio.get_running_loop().create_task(block_in_child(7))

    on_loop(work)

    assert seen.runs == [7, 7]
    assert [stall.task for stall in seen.stalls] == ["the child", "the child"]


async def test_stall_that_ends_with_the_watch_is_closed() -> None:
    """A report of a stall is always followed by its end, and the thread is gone."""
    seen = Witness()

    async with LoopWatchdog(seen.report):
        await asyncio.sleep(0)
        block(0.5)

    assert [stall.ended for stall in seen.stalls] == [False, True]
    assert "nxforge watchdog" not in {each.name for each in threading.enumerate()}


async def test_watch_goes_on_when_a_report_raises(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error of the report is logged, and the next stall is reported."""
    calls: list[Stall] = []

    def report(stall: Stall) -> None:
        calls.append(stall)
        raise ValueError(stall.seconds)

    async with LoopWatchdog(report):
        for _ in range(2):
            block(0.5)
            await asyncio.sleep(0.2)

    assert [stall.ended for stall in calls] == [False, True, False, True]
    assert len(caplog.records) == 4


async def test_loop_that_works_in_pieces_is_left_alone() -> None:
    """Short work, however much of it, is no stall."""
    seen = Witness()

    async with LoopWatchdog(seen.report):
        for _ in range(30):
            block(0.02)
            await asyncio.sleep(0)

    assert seen.stalls == []


_STOPPED = """
import asyncio
from nxforge_core.services import LoopWatchdog

async def main():
    async with LoopWatchdog(lambda stall: print("stall", stall, flush=True)):
        await asyncio.sleep(0.3)
        print("ready", flush=True)
        await asyncio.sleep(2.5)

asyncio.run(main())
"""


def test_stopped_process_is_no_blocked_loop() -> None:
    """A process that was stopped, as by a laptop's lid, blames nobody."""
    with subprocess.Popen(
        [sys.executable, "-c", _STOPPED], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGSTOP)
        block(1.0)
        os.kill(process.pid, signal.SIGCONT)
        rest = process.stdout.read()

    assert rest == ""
    assert process.returncode == 0
