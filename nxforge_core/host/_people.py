"""From a token's text to the one who calls."""

from __future__ import annotations

from nxforge_core.security import Principal, RoleBook, TokenStore

__all__ = ["People"]


class People:
    """Implements `Authenticator`: tokens say the role, the role book what it may do."""

    def __init__(self, tokens: TokenStore, roles: RoleBook) -> None:
        self._tokens = tokens
        self._roles = roles

    async def principal(self, token: str) -> Principal | None:
        """The holder of a token, or None."""
        stored = await self._tokens.authenticate(token)
        return self._roles.principal(stored.name, stored.role) if stored else None
