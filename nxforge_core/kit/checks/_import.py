"""Its module can be imported, and the process lives on."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding
from nxforge_core.plugins import HeldError

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    if case.death is not None:
        error = HeldError(case.id, case.death)
        remedy = "do nothing at import but define; what takes long is for a life span"
        return [Finding(error.message, remedy)]
    return [Finding.of(case.import_problem)] if case.import_problem else []


CHECK = Check("import", "works", "manifest", _check)
