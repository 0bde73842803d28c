"""Ids as they come in."""

from __future__ import annotations

from uuid import UUID

from nxforge_core.api import UnknownItemError

__all__ = ["UnknownEndpointError", "parse_endpoint_id"]


class UnknownEndpointError(UnknownItemError):
    """No endpoint has the id."""

    def __init__(self, endpoint_id: str) -> None:
        super().__init__(
            kind="endpoint", value=endpoint_id, remedy="GET /endpoints lists the ids"
        )


def parse_endpoint_id(text: str) -> str:
    """Read an endpoint's id.

    Raises:
        UnknownEndpointError: it is no UUID, so no endpoint has it.
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise UnknownEndpointError(text) from error
