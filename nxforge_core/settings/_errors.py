"""Wrong settings: every problem is collected, then all are reported at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from nxforge_core.api import UsageError

__all__ = ["Problem", "SettingsError"]


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        key: The setting, dotted, or the variable or file as the operator wrote it.
        source: Where the value stands.
        what: What is wrong; a secret value is masked in it.
        remedy: What to write instead.
    """

    key: str
    source: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key} ({self.source}) {self.what}: {self.remedy}"


class SettingsError(UsageError):
    """The settings cannot be used; `problems` holds all that was found."""

    code = "settings"

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        if len(problems) == 1:
            message = f"{first.key} ({first.source}) {first.what}"
            remedy = first.remedy
        else:
            lines = "".join(f"\n  {problem}" for problem in problems)
            message = f"{len(problems)} settings are wrong:{lines}"
            remedy = "correct them; 'nxforge settings' shows every value and its source"
        super().__init__(message, remedy=remedy)
        self.problems = tuple(problems)
