"""Versions of what a plugin runs on: where others change, a process starts anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

__all__ = ["packages_of"]

#: Is not followed: where it changes, everything starts anew anyway.
_CORE: Final = "nxforge-core"
_Find = Callable[[str], metadata.Distribution]


def packages_of(
    distribution: str, find: _Find = metadata.distribution
) -> Mapping[str, str]:
    """Versions of a distribution and of all that it requires, by name.

    Args:
        distribution: Where to begin.
        find: Answers an installed distribution by its name.
    """
    found: dict[str, str] = {}
    open_names: list[str] = [canonicalize_name(distribution)]
    while open_names:
        name = open_names.pop()
        if name in found:
            continue
        try:
            installed = find(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = installed.version
        if name != _CORE:
            open_names += _required(installed)
    return dict(sorted(found.items()))


def _required(installed: metadata.Distribution) -> list[str]:
    names: list[str] = []
    for line in installed.requires or ():
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            continue
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            names.append(canonicalize_name(wanted.name))
    return names
