"""What a plugin says of itself when it is asked in a process of its own."""

from __future__ import annotations

import msgspec

from nxforge_core.plugins._problem import Problem

from ._surface import Surface

__all__ = ["Described"]


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What it adds, or why it cannot say.

    Attributes:
        migrations: Folder of its migration files.
    """

    surface: Surface | None = None
    migrations: str | None = None
    problem: Problem | None = None
