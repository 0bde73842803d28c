"""Who calls, for what is kept of a decision."""

from __future__ import annotations

from typing import Any

from litestar import Request

__all__ = ["Caller", "name_of"]

#: A request whose caller the host has identified.
Caller = Request[Any, Any, Any]


def name_of(request: Caller) -> str:
    """The name of the token or the person."""
    return str(request.user.name)
