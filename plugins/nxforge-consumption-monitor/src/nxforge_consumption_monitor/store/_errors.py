"""Refusals of the store."""

from __future__ import annotations

from uuid import UUID

from nxforge_core.api import ConflictError, UnknownItemError

__all__ = ["DuplicateNameError", "UnknownGroupError", "parse_group_id"]


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


def parse_group_id(text: str) -> str:
    """Read a group's id.

    Raises:
        UnknownGroupError: it is no UUID, so no group has it.
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise UnknownGroupError(text) from error
