"""No call holds up the event loop for more than 50 ms."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    remedy = "await it, or hand it to a thread: asyncio.to_thread(...)"
    longest = {}
    for culprit, seconds in case.acts.blocks:
        longest[culprit.file, culprit.line] = seconds
    return [
        Finding(f"the event loop was held up for {seconds:.2f} s", remedy, file, line)
        for (file, line), seconds in longest.items()
    ]


CHECK = Check("loop", "dependable", "running", _check)
