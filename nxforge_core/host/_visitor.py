"""People whom the application around the host knows."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import msgspec

from nxforge_core.security import Principal, RoleBook

__all__ = ["OuterLogin", "Visitor", "Visitors"]


class Visitor(msgspec.Struct, frozen=True):
    """Somebody who is logged in to the outer application.

    Attributes:
        name: As the audit trail has it.
        role: What they may do here.
        ambient: Whether the browser brings the proof by itself, as it does a cookie:
            then what changes something counts only where one of our own pages asks.
    """

    name: str
    role: Literal["admin", "operator", "viewer"]
    ambient: bool = True


class OuterLogin(Protocol):
    """Tells the host who asks; the outer application has one."""

    async def visitor(self, scope: Any) -> Visitor | None:
        """Whoever sent the request.

        Args:
            scope: The ASGI scope, with all that the outer application put into it.

        Returns:
            None where it is nobody it knows: then the host's own tokens and sessions
            count.
        """
        ...


class Visitors:
    """Gives visitors what their role holds."""

    def __init__(self, login: OuterLogin, roles: RoleBook) -> None:
        self._login = login
        self._roles = roles

    async def find(self, scope: Any) -> tuple[Principal, Visitor] | None:
        """The caller and the visitor of a request; None where it is not one."""
        visitor = await self._login.visitor(scope)
        if visitor is None:
            return None
        return self._roles.principal(visitor.name, visitor.role), visitor
