"""Refusals of the store."""

from __future__ import annotations

from nxforge_core.api import ConflictError

__all__ = ["DuplicateNameError"]


class DuplicateNameError(ConflictError):
    """Two endpoints would bear one name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"an endpoint named {name!r} exists already",
            remedy="choose another name, or change the existing endpoint",
        )
        self.name = name
