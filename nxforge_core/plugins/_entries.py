"""Entry points of the group `nxforge.plugins`, each line on its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution
from typing import Final

from packaging.utils import canonicalize_name

from nxforge_core.api import PluginId

from ._problem import Owner

__all__ = ["GROUP", "Entry", "read_entries"]

GROUP: Final = "nxforge.plugins"

_SECTION: Final = re.compile(r"\s*\[\s*(?P<name>[^]]*?)\s*\]\s*\Z")


class Entry(Owner, frozen=True, kw_only=True):
    """One entry point, unjudged: its name is the plugin's id, its value the module."""

    module: str
    version: str


def read_entries(distributions: Iterable[Distribution]) -> list[Entry]:
    """All entries of the group, by id and then by distribution.

    A distribution found twice (an editable install beside its own source folder)
    counts once: the first on the path, which is also the one that gets imported.
    The files are read here and not by importlib.metadata, which drops all entry
    points of the environment when one line of one distribution has no `=`.
    """
    found: dict[str, list[Entry]] = {}
    for distribution in distributions:
        lines = list(_lines(distribution))
        if lines:
            name, version = _identity(distribution)
            entries = [_entry(line, name, version) for line in lines]
            found.setdefault(canonicalize_name(name), entries)
    every = (entry for entries in found.values() for entry in entries)
    return sorted(every, key=lambda entry: (entry.id, entry.distribution))


def _lines(distribution: Distribution) -> Iterator[str]:
    try:
        text = distribution.read_text("entry_points.txt") or ""
    except (OSError, UnicodeError):
        text = ""  # no text, so no plugin that somebody could name
    section = ""
    for line in text.splitlines() if GROUP in text else ():
        if match := _SECTION.match(line):
            section = match["name"]
        elif section == GROUP and line.strip() and line.strip()[0] not in "#;":
            yield line


def _identity(distribution: Distribution) -> tuple[str, str]:
    try:
        metadata = distribution.metadata
    except Exception:  # noqa: BLE001 - importlib.metadata fails in many ways here
        return "", ""
    fields = {key: metadata[key] for key in ("Name", "Version") if key in metadata}
    return fields.get("Name", ""), fields.get("Version", "")


def _entry(line: str, distribution: str, version: str) -> Entry:
    name, _, module = line.partition("=")
    return Entry(
        id=PluginId(name.strip()),
        distribution=distribution,
        module=module.strip(),
        version=version,
    )
