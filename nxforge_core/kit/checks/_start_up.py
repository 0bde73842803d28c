"""Its import and its hooks take less than 150 ms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


_SECONDS: Final = 0.15


async def _check(case: Case) -> Iterable[Finding]:
    if case.seconds <= _SECONDS:
        return []
    message = f"its import and its hooks took {case.seconds * 1000:.0f} ms"
    return [Finding(message, "import what is slow and seldom used where it is used")]


CHECK = Check("start-up", "exemplary", "specs", _check)
