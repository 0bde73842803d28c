"""It answers as before when the database was away for a moment."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._acts import FAILURE
from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    remedy = "keep no connection and nothing that hangs on one: ask ctx.db each time"
    return [
        Finding(
            f"{each.route} answered {each.after} after the database was lost", remedy
        )
        for each in case.acts.asked
        if each.status < FAILURE <= each.after
    ]


CHECK = Check("database-loss", "dependable", "running", _check)
