"""What came of the checks: a level, computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from ._check import LEVELS, Finding, Level

__all__ = ["Report", "Verdict"]


class Verdict(msgspec.Struct, frozen=True, rename="camel"):
    """What came of one check.

    Attributes:
        state: `kept`, `broken`, or `unreached`: another one has to be kept first.
    """

    check: str
    level: Level
    state: Literal["kept", "broken", "unreached"]
    findings: Sequence[Finding] = ()


class Report(msgspec.Struct, frozen=True, rename="camel"):
    """What came of all of them.

    Attributes:
        level: The highest one of which every check is kept, with all below it.
    """

    plugin: str
    version: str
    verdicts: Sequence[Verdict]
    level: Level | None = None

    def __post_init__(self) -> None:
        """Compute the level: nobody claims one."""
        level: Level | None = None
        for each in LEVELS:
            if not self.keeps(each):
                break
            level = each
        msgspec.structs.force_setattr(self, "level", level)

    def keeps(self, level: Level) -> bool:
        """Whether every check of one level is kept."""
        return all(
            each.state == "kept" for each in self.verdicts if each.level == level
        )

    def reaches(self, level: Level) -> bool:
        """Whether the plugin is of that level, or of a higher one."""
        least = LEVELS.index(level)
        return self.level is not None and LEVELS.index(self.level) >= least

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of the checks that found something."""
        return tuple(each.check for each in self.verdicts if each.state == "broken")
