"""Its routes can be mounted, and each says who may call it."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    found = [Finding.of(fault) for fault in case.faults.get("routes", [])]
    # Built with all of its routes: what is well-formed may still not be mountable.
    if case.problem is not None and case.problem.phase == "validate":
        found.append(Finding.of(case.problem))
    return found


CHECK = Check("routes", "works", "manifest", _check)
