"""`manifest.json` can be read, and says what it may."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding
from nxforge_core.plugins import Problem

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    if isinstance(case.found, Problem) and case.found.phase == "manifest":
        return [Finding.of(case.found)]
    return []


CHECK = Check("manifest", "works", "entry", _check)
