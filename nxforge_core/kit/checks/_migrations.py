"""Its migrations apply to an empty database, and wait for nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Final

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]

#: A number is anybody's lock: somebody may hold it who is not there while it is tried.
_WAITS: Final = re.compile(
    r"\bpg_advisory_(?:xact_)?lock(?:_shared)?\s*\(\s*\d", re.IGNORECASE
)


async def _check(case: Case) -> Iterable[Finding]:
    found = list(_waiting(case))
    if case.problem is not None and case.problem.phase == "migrate":
        found.append(Finding.of(case.problem))
    return found


def _waiting(case: Case) -> Iterator[Finding]:
    if (spec := case.parts.migrations) is None:
        return
    remedy = (
        "the host lets one migration run at a time; a key of your own is made of a "
        "table: 'note'::regclass::oid::bigint"
    )
    for entry in files(spec.package).joinpath(spec.folder).iterdir():
        lines = entry.read_text("utf-8").splitlines() if _is_sql(entry.name) else []
        for number, line in enumerate(lines, 1):
            if _WAITS.search(line.partition("--")[0]):
                message = f"migration {entry.name}:{number} waits for a lock"
                yield Finding(message, remedy, str(entry), number)


def _is_sql(name: str) -> bool:
    return name.endswith(".sql")


CHECK = Check("migrations", "works", "specs", _check)
