"""Its handlers stand every event of the core that they listen to."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    remedy = "take from event.data only what is there, and keep errors inside"
    return [
        Finding(f"subscription {label} failed: {why}", remedy)
        for label, why in case.acts.heard.items()
    ]


CHECK = Check("events", "dependable", "running", _check)
