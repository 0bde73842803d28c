"""Every connection goes back to the pool."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    if not case.acts.kept:
        return []
    message = f"{case.acts.kept} connections of its pool did not come back"
    return [Finding(message, "leave every block of 'ctx.db.transaction()'")]


CHECK = Check("connections", "dependable", "running", _check)
