"""It starts a second time on what the first start left."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    return [Finding.of(case.again)] if case.again is not None else []


CHECK = Check("start-again", "works", "running", _check)
