"""Each route answers below the plugin's prefix."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._acts import FAILURE
from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    remedy = "raise an error of nxforge_core.api for what a caller did wrong"
    return [
        Finding(
            f"{each.route} answered {each.status or 'nothing'}: {each.words}", remedy
        )
        for each in case.acts.asked
        if not each.status or each.status >= FAILURE
    ]


CHECK = Check("answers", "works", "running", _check)
