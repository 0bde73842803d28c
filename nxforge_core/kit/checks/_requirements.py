"""What the plugin requires is there, and in range."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import Distribution

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding
from nxforge_core.plugins import requires
from nxforge_core.plugins._entries import read_entries

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    record = case.record
    if record is None:
        return []
    if record.problem is not None:
        return [Finding.of(record.problem)]
    if case.specs is not None or not (needed := requires(record)):
        return []
    known = {name for each in case.subject.distributions for name in _ids(each)}
    return [
        Finding(f"it requires plugin {name!r}, which is not installed", "install it")
        for name in sorted(set(needed) - known)
    ]


def _ids(distribution: Distribution) -> list[str]:
    return [each.id for each in read_entries([distribution])]


CHECK = Check("requirements", "works", "manifest", _check)
