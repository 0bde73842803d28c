"""Who calls, and for which version a change is."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request
from litestar.params import HeaderParameter

__all__ = ["Caller", "IfMatch", "name_of"]

#: A request whose caller the host has identified.
Caller = Request[Any, Any, Any]
#: Entity tags of the versions that a change is for.
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match")]


def name_of(request: Caller) -> str:
    """The name of the token or the person."""
    return str(request.user.name)
