"""What was removed, and what is here without a package."""

from __future__ import annotations

from datetime import datetime

from nxforge_core.api import Model

__all__ = ["Orphan", "Receipt"]


class Receipt(Model):
    """A plugin was removed.

    Attributes:
        rows: That its tables had.
        bytes: That they took.
        export: The file that was written first, on the host's machine.
        residue: What is still here of it: nothing, if all is well.
    """

    plugin: str
    rows: dict[str, int]
    bytes: int
    export: str | None
    residue: list[str]
    removed_at: datetime


class Orphan(Model):
    """A plugin whose package is gone and whose data is still here.

    Attributes:
        version: That ran last.
        bytes: That its tables take.
    """

    id: str
    distribution: str
    version: str
    bytes: int
