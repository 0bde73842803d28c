"""One budget of time for the whole stop of a host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from core_tables import StoppedClock

from nxforge_core.host._budget import RESERVE, StopBudget, in_time
from nxforge_core.services import SystemClock

START = ValueError("the start failed")


@asynccontextmanager
async def stuck() -> AsyncIterator[str]:
    """A part that does not end."""
    try:
        yield "value"
    finally:
        await asyncio.Event().wait()


def test_every_part_gets_what_those_before_it_left() -> None:
    """The budget counts from the first word of the stop, whoever hears it again."""
    clock = StoppedClock()
    budget = StopBudget.after(2, clock)

    budget.begin()
    clock.seconds = 3
    budget.begin()

    assert budget.left() == 5
    assert budget.left(RESERVE) == 4


def test_part_that_is_late_gets_a_moment() -> None:
    """Where all is used up, there is still time to end what ends at once."""
    clock = StoppedClock()
    budget = StopBudget(1, clock)
    budget.begin()
    clock.seconds = 60

    assert budget.left(RESERVE) == 0.1


async def test_part_that_does_not_end_is_broken_off(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is named in the log, and what comes after it goes on."""
    async with in_time(stuck(), StopBudget(0.01, SystemClock()), "probe") as value:
        assert value == "value"

    assert "probe" in caplog.text


async def test_failed_start_is_told_though_a_part_does_not_end() -> None:
    """The error of the block is raised, not the time-out of the clean-up."""
    with pytest.raises(ValueError, match="the start failed"):
        async with in_time(stuck(), StopBudget(0.01, SystemClock()), "probe"):
            raise START


async def test_own_timeout_of_a_part_is_its_own() -> None:
    """A TimeoutError of the block is not taken for a used up budget."""
    with pytest.raises(TimeoutError, match="the meter"):
        async with in_time(_nothing(), StopBudget(10, SystemClock()), "probe"):
            raise TimeoutError("the meter")  # noqa: EM101, TRY003 - a test's words


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield
