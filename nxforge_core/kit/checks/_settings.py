"""Its settings can be had without any value of the operator."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    return [Finding.of(fault) for fault in case.faults.get("settings", [])]


CHECK = Check("settings", "works", "manifest", _check)
