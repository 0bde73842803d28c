"""A weakness, and what to do about it."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Finding", "Level"]

#: `high` is open to somebody now, `medium` opens with one more mistake, `low` is known
#: and may be meant.
Level = Literal["high", "medium", "low"]


class Finding(msgspec.Struct, frozen=True):
    """One weakness.

    Attributes:
        code: Stable, for programs.
        what: What was found, values included, secrets not.
        remedy: What to do, one sentence.
    """

    level: Level
    code: str
    what: str
    remedy: str
