"""Readers who look at the same thing in the same second are answered the same."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_core.builtin import SharedAnswers


class Desk:
    """Answers, a clock that the test turns, and a plugin that counts its calls."""

    def __init__(self) -> None:
        self.now = 100.0
        self.calls = 0
        self.slow = asyncio.Event()
        self.slow.set()
        self.answers = SharedAnswers(lambda: self.now)

    async def ask(self, key: str = "card", live: tuple[str, ...] = ("read.*",)) -> int:
        """The number of the call that an answer came from."""
        return int(await self.answers.answer(key, live, self.make))

    async def make(self) -> bytes:
        """Do what a plugin does."""
        self.calls += 1
        number = self.calls
        await self.slow.wait()
        return str(number).encode()

    def hear(self, name: str) -> None:
        """Let an event happen now."""
        parcel: Any = SimpleNamespace(name=name)
        assert self.answers.hear(parcel) is False


@pytest.fixture
def desk() -> Desk:
    """One where nothing was asked."""
    return Desk()


async def test_same_second_is_one_call(desk: Desk) -> None:
    """Whoever asks within a second gets what the first one was answered."""
    first = await desk.ask()
    desk.now += 1.0
    second = await desk.ask()
    desk.now += 0.1
    third = await desk.ask()

    assert (first, second, third) == (1, 1, 2)


async def test_many_at_once_are_one_call(desk: Desk) -> None:
    """Who asks while the plugin is at it waits for that answer."""
    desk.slow.clear()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(desk.ask()) for _ in range(20)]
        await asyncio.sleep(0)
        desk.slow.set()

    assert {task.result() for task in tasks} == {1}


async def test_event_makes_answers_old(desk: Desk) -> None:
    """What was asked before an event, or while it happened, is asked again after it."""
    desk.slow.clear()
    async with asyncio.TaskGroup() as group:
        during = group.create_task(desk.ask())
        await asyncio.sleep(0)
        desk.now += 0.2
        desk.hear("read.done")
        desk.slow.set()
    desk.now += 0.1
    after = await desk.ask()
    desk.now += 0.1
    desk.hear("other.thing")
    desk.now += 0.2
    still = await desk.ask()

    assert (during.result(), after, still) == (1, 2, 2)


async def test_answers_do_not_mix(desk: Desk) -> None:
    """Another key is another answer; a thousand of them are not kept for ever."""
    found = [await desk.ask(f"card {place}") for place in range(600)]
    desk.now += 2.0
    await desk.ask("one more")

    assert found == list(range(1, 601))
    assert len(desk.answers._kept) == 1


async def test_who_goes_away_takes_nothing_along(desk: Desk) -> None:
    """A reader who hangs up while the plugin is asked leaves others their answer."""
    desk.slow.clear()
    async with asyncio.TaskGroup() as group:
        gone = group.create_task(desk.ask())
        other = group.create_task(desk.ask())
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        desk.slow.set()

    assert other.result() == 2
