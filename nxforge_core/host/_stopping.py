"""The stop of a host's parts, which begins while open requests still end."""

from __future__ import annotations

from ._budget import RESERVE
from ._corners import Corners
from ._running import Running

__all__ = ["drain", "stop_engine"]


async def drain(running: Running, corners: Corners) -> None:
    """Wait for the stop; then have nothing new begun, and nothing wait for long.

    Handlers spend their grace while requests spend theirs. On a database that is silent
    no part has to find that out by waiting.
    """
    await running.closing.wait()
    running.hub.end_taps("stop")
    running.engine.drain()
    running.core.database.hurry()
    corners.hurry()
    if await running.core.database.is_silent():
        running.engine.give_up()


async def stop_engine(running: Running) -> None:
    """Let running handlers finish, for as long as the budget allows."""
    await running.engine.stop(running.budget.left(RESERVE))
