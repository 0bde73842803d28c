"""From the text of a token or a session to the one who calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_core.security import Principal, RoleBook, StoredToken, TokenStore
from nxforge_core.security.people import Sessions

__all__ = ["People"]

#: Whoever holds a token may ask what it is good for.
_ALWAYS: Final = "nxforge:me:read"


class People:
    """Implements `Authenticator`: what the caller's role holds, less what limits it."""

    def __init__(self, tokens: TokenStore, sessions: Sessions, roles: RoleBook) -> None:
        self._tokens = tokens
        self._sessions = sessions
        self._roles = roles

    async def bearer(self, token: str) -> Principal | None:
        """The holder of a token, or None."""
        stored = await self._tokens.authenticate(token)
        return None if stored is None else self._limited(stored)

    async def session(self, text: str) -> Principal | None:
        """Whose session it is, or None."""
        stored = await self._sessions.authenticate(text)
        if stored is None:
            return None
        held = self._roles.permissions(stored.role, stored.grants or ())
        return Principal(
            stored.name, stored.role, held, person=stored.person, session=stored.id
        )

    def _limited(self, stored: StoredToken) -> Principal:
        # An own role that is gone holds nothing.
        held = self._roles.permissions(stored.role, stored.grants or ())
        caller = Principal(
            stored.holder or stored.name,
            stored.role,
            held,
            person=stored.owner,
            token=stored.id,
        )
        if stored.permissions is not None:
            caller = caller.within(_with_me(stored.permissions))
        if stored.plugins is not None:
            caller = caller.within(_with_me(f"{name}:*" for name in stored.plugins))
        return caller


def _with_me(limit: Iterable[str]) -> list[str]:
    return [*limit, _ALWAYS]
