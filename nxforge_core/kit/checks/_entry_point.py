"""The plugin is found, once."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding
from nxforge_core.plugins import Problem

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    if case.found is None:
        message = f"the environment has no plugin {case.id!r}"
        return [Finding(message, "install its distribution")]
    if isinstance(case.found, Problem) and case.found.phase == "discover":
        return [Finding.of(case.found)]
    return []


CHECK = Check("entry-point", "works", "entry", _check)
