"""Process groups that were ended: when the last process is really gone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection
from contextlib import suppress
from typing import Final

import psutil

__all__ = ["await_end"]

#: Nothing runs there any more; only the parent has still to take note.
_DEAD: Final = frozenset({psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD})


async def await_end(groups: Collection[int], seconds: float = 2.0) -> None:
    """Wait for the last process of groups that were killed: that takes a moment."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await asyncio.to_thread(_are_alive, groups):  # noqa: ASYNC110 - their kernel tells us nothing
                await asyncio.sleep(0.01)


def _are_alive(groups: Collection[int]) -> bool:
    return any(map(_is_alive, groups))


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return any(_runs_in(process, group) for process in psutil.process_iter())


def _runs_in(process: psutil.Process, group: int) -> bool:
    with suppress(psutil.Error, ProcessLookupError):
        return os.getpgid(process.pid) == group and process.status() not in _DEAD
    return False
