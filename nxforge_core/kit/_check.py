"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

from nxforge_core.plugins import Fault, Problem

if TYPE_CHECKING:
    from ._case import Case

__all__ = ["LEVELS", "Check", "Finding", "Level", "Need"]

Level = Literal["works", "dependable", "exemplary"]
#: In order: each demands those before it.
LEVELS: Final[tuple[Level, ...]] = ("works", "dependable", "exemplary")

#: How far a plugin must have come for a check to be made: it was found, its manifest is
#: good, it was imported and all its hooks answered, it runs.
Need = Literal["entry", "manifest", "specs", "running"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong with a plugin.

    Attributes:
        message: What is wrong, values included.
        remedy: What its author does about it.
        file: Where, if that is known.
    """

    message: str
    remedy: str = ""
    file: str | None = None
    line: int | None = None

    @classmethod
    def of(cls, found: Problem | Fault) -> Finding:
        """What the host says, as it says it."""
        return cls(found.message, found.remedy, found.file, found.line)


class Check(NamedTuple):
    """One promise that a plugin keeps or does not.

    Attributes:
        name: Kebab-case; its heading in docs/reference/checks.md.
        level: Of the plugins that keep it.
        need: Without which it cannot be made.
        run: Makes it.
    """

    name: str
    level: Level
    need: Need
    run: Callable[[Case], Awaitable[Iterable[Finding]]]
