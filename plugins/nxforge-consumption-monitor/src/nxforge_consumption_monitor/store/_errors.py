"""Refusals of the store."""

from __future__ import annotations

from nxforge_core.api import ConflictError, UnknownItemError

__all__ = ["DuplicateNameError", "UnknownGroupError"]


class DuplicateNameError(ConflictError):
    """Two endpoints would bear one name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"an endpoint named {name!r} exists already",
            remedy="choose another name, or change the existing endpoint",
        )
        self.name = name


class UnknownGroupError(UnknownItemError):
    """No group has the id."""

    def __init__(self, group_id: str) -> None:
        super().__init__(
            kind="group", value=group_id, remedy="the list of groups has the ids"
        )
