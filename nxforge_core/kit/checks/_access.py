"""Nobody reaches a route that is not public."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    remedy = "give the route a permission, and leave the answer to the host"
    return [
        Finding(f"{each.route} answered {each.anonymous} to nobody", remedy)
        for each in case.acts.asked
        if each.anonymous not in (0, 401, 403)
    ]


CHECK = Check("access", "dependable", "running", _check)
