"""Its distribution lists every file of its package."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    own, folder = case.subject.distribution, case.plugin.folder
    listed = {str(each) for each in (own.files if own else None) or ()}
    if not any(each.startswith(f"{folder.name}/") for each in listed):
        return []  # installed for its author: the files are those of the project
    remedy = "hatchling takes all files of a package; setuptools needs package-data"
    return [
        Finding(f"the distribution does not list {name}", remedy)
        for name in sorted(_files(case) - listed)
    ]


def _files(case: Case) -> set[str]:
    folder = case.plugin.folder
    return {
        path.relative_to(folder.parent).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


CHECK = Check("wheel", "exemplary", "specs", _check)
