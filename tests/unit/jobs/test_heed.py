"""Cancellations that a library swallows."""

from __future__ import annotations

import asyncio

import pytest

from nxforge_core.jobs._heed import heed


async def test_swallowed_cancellation_is_raised_after_all() -> None:
    """Work that lost its cancellation does not go on as if nothing was asked."""
    inside = asyncio.Event()

    async def deaf() -> str:
        inside.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "as if nothing was asked"
        return "never"

    task = asyncio.get_running_loop().create_task(heed(deaf()))
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_timeout_inside_is_no_cancellation_of_the_task() -> None:
    """What the work's own deadline cancelled is the work's affair."""

    async def slow() -> str:
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            return "late"
        return "never"

    assert await heed(slow()) == "late"
