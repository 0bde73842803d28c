"""Stopped and removed, it leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    threads = [
        Finding(f"the thread {name!r} outlives the host", "end it in the life span")
        for name in case.leftovers
    ]
    remedy = "keep everything in the plugin's own schema and in ctx.storage"
    return threads + [Finding(what, remedy) for what in case.residue]


CHECK = Check("residue", "exemplary", "running", _check)
