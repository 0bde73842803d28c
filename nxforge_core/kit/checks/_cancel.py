"""A run that is cancelled ends within two seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


_SECONDS: Final = 2.0


async def _check(case: Case) -> Iterable[Finding]:
    remedy = "let CancelledError through, and await what takes long"
    return [
        Finding(
            f"job {each.job} ended {each.cancelled:.1f} s after it was cancelled",
            remedy,
        )
        for each in case.acts.ran
        if each.cancelled > _SECONDS
    ]


CHECK = Check("cancel", "dependable", "running", _check)
