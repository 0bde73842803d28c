"""Its jobs, pages, health checks, subscriptions and tables are well-formed."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    apart = ("", "routes", "settings")
    return [
        Finding.of(fault)
        for hook, faults in case.faults.items()
        if hook not in apart
        for fault in faults
    ]


CHECK = Check("specs", "works", "manifest", _check)
