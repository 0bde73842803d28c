"""Its life span begins within its deadline."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    if case.problem is not None and case.problem.phase in ("start", "serve"):
        return [Finding.of(case.problem)]
    return []


CHECK = Check("start", "works", "specs", _check)
