"""Each page is shown whole, on empty tables too."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._acts import FAILURE
from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    remedy = "a source answers on empty tables as well; it returns an empty list then"
    found = [
        Finding(f"page {each.page}: a card failed: {why}", remedy)
        for each in case.acts.shown
        for why in each.failed
    ]
    broken = [each for each in case.acts.shown if each.status >= FAILURE]
    return found + [
        Finding(f"page {each.page} answered {each.status}", remedy) for each in broken
    ]


CHECK = Check("pages", "dependable", "running", _check)
