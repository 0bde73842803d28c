"""A plugin's own statements, as its files have them, against its tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from nxforge_core.database import ShapeCheck, statements_fit

__all__ = ["shape_check"]

_HEAD: Final = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*) *$", re.MULTILINE)
#: In a statement that needs more than the plugin's tables: it is not looked at.
_UNCHECKED: Final = "-- checked: no"


def shape_check(plugin: str, package: Path | None) -> ShapeCheck:
    """A check that the named statements in a package fit its tables.

    Their files are read when it is called: most starts migrate nothing.
    """

    def check(connection: Any) -> None:
        statements_fit(plugin, _statements(package))(connection)

    return check


def _statements(package: Path | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(package.rglob("*.sql")) if package else ():
        _, *rest = _HEAD.split(file.read_text("utf-8"))
        for name, text in zip(rest[::2], rest[1::2], strict=True):
            if text.strip() and _UNCHECKED not in text:
                found[f"{file.stem}.{name}"] = text.strip()
    return found
