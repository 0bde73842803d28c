"""Login links: a one-time code that is exchanged for a session."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from nxforge_core.api import Clock, Database, load_sql

from ._roles import require_role
from ._token_text import digest
from ._tokens import NewToken, add_token, require_name

__all__ = ["SESSION_COOKIE", "LoginLinks"]

#: Name of the cookie that carries a session's token; it opens pages, never the API.
SESSION_COOKIE: Final = "nxforge-session"

_SQL: Final = load_sql(__package__)
_LINK_LIFE: Final = timedelta(minutes=10)
_SESSION_LIFE: Final = timedelta(hours=12)


class LoginLinks:
    """One-time codes: valid for ten minutes, good for one session of twelve hours.

    Args:
        database: The core's schema.
        clock: Decides about expiry.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def create(self, role: str, name: str) -> str:
        """Make a code for somebody with this role; its hash is stored, not the code.

        Raises:
            UnknownRoleError: no role has this name.
            InvalidInputError: the name is not acceptable.
        """
        require_role(role)
        require_name(name)
        code = secrets.token_urlsafe(24)
        now = self._clock.now()
        await self._database.execute(_SQL.forget_login_links, now)
        facts = (digest(code), name, role, now, now + _LINK_LIFE)
        await self._database.execute(_SQL.add_login_link, *facts)
        return code

    async def claim(self, code: str) -> NewToken | None:
        """Exchange a code for a session; None if it is unknown, used or too old."""
        now = self._clock.now()
        async with self._database.transaction() as connection:
            key = digest(code)
            row = await connection.fetchrow(_SQL.claim_login_link, key, now)
            if row is None:
                return None
            await connection.execute(_SQL.forget_sessions, now)
            span = (now, now + _SESSION_LIFE)
            name, role = row["name"], row["role"]
            return await add_token(connection, "session", name, role, span)
