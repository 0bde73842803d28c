"""Each job that needs no parameter runs to a good end."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    remedy = "a run with nothing to do ends well: Outcome.idle(), or Outcome.ok()"
    return [
        Finding(
            f"job {each.job} ended {each.state or 'not at all'}: {each.words}", remedy
        )
        for each in case.acts.ran
        if each.state in ("", "failed", "timed_out", "lost")
    ]


CHECK = Check("jobs", "dependable", "running", _check)
