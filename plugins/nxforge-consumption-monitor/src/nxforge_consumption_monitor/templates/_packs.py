"""Packages that bring templates of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ._errors import PackError

__all__ = ["GROUP", "folders_of", "pack_folders"]

#: Entry points of this group name a package with `*.json` files beside its code.
GROUP: Final = "nxforge_consumption_monitor.templates"


def pack_folders() -> tuple[Sequence[Path], Sequence[PackError]]:
    """Folders of the packs that are installed, and what is wrong with others."""
    return folders_of(entry_points(group=GROUP))


def folders_of(
    points: Iterable[EntryPoint],
) -> tuple[Sequence[Path], Sequence[PackError]]:
    """Where the files of these packs are; nothing of them is imported."""
    folders: list[Path] = []
    problems: list[PackError] = []
    for point in sorted(points, key=lambda each: each.name):
        # Finding a package below another one would import that.
        spec = None if "." in point.value else find_spec(point.value)
        if spec is None or not spec.submodule_search_locations:
            problems.append(PackError(point.name, point.value))
        else:
            folders += map(Path, spec.submodule_search_locations)
    return folders, problems
