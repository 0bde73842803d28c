"""Links with a one-time code: to log in, to set up, to set a new password."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final, Literal

from nxforge_core.api import Clock, Connection, Database, UnknownItemError
from nxforge_core.security._roles import require_role
from nxforge_core.security._token_text import digest
from nxforge_core.security._tokens import require_name
from nxforge_core.security.audit import Actor, add_audit

from ._accounts import Judge, anything
from ._sql import SQL

__all__ = ["Links", "claim_link"]

LinkKind = Literal["login", "setup", "reset"]

_LIFE: Final = {
    "login": timedelta(minutes=10),
    "setup": timedelta(hours=1),
    "reset": timedelta(hours=24),
}


class Links:
    """Makes one-time codes; their hash is stored, not the code.

    Args:
        database: The core's schema.
        clock: Decides about expiry.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def login(self, role: str, name: str, by: Actor) -> str:
        """A code that lets a guest with this role in, within ten minutes.

        Raises:
            UnknownRoleError: no role has this name.
            InvalidInputError: the name is not acceptable.
        """
        require_name(name)
        async with self._database.transaction() as connection:
            await require_role(connection, role)
            code = await self._add(connection, "login", (name, role, None))
            after = {"role": role}
            await add_audit(connection, by, "links.login", name, (None, after))
        return code

    async def setup(self) -> str | None:
        """A code that makes the first administrator within an hour.

        Returns:
            None where somebody can administer the host already.
        """
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_people)
            if await connection.fetchval(SQL.count_admins):
                return None
            return await self._add(connection, "setup", (None, None, None))

    async def reset(self, name: str, by: Actor, judge: Judge = anything) -> str:
        """A code that sets somebody's password within a day.

        Raises:
            UnknownItemError: nobody active has this name.
        """
        async with self._database.transaction() as connection:
            wanted = name.replace("\0", " ")
            row = await connection.fetchrow(SQL.person_to_change, wanted)
            if row is None or not row["active"]:
                remedy = "'nxforge users list' shows them"
                raise UnknownItemError(kind="active user", value=name, remedy=remedy)
            judge(row["role"], row["grants"])
            code = await self._add(connection, "reset", (None, None, row["id"]))
            await add_audit(connection, by, "links.reset", row["name"])
        return code

    async def find(self, kind: LinkKind, code: str) -> str | None:
        """Whose name a code is for, empty where it has none; None if it is dead."""
        facts = (digest(code), kind, self._clock.now())
        name = await self._database.fetchval(SQL.find_link, *facts)
        return None if name is None else str(name)

    async def _add(
        self,
        connection: Connection,
        kind: LinkKind,
        whom: tuple[str | None, str | None, int | None],
    ) -> str:
        code, now = secrets.token_urlsafe(24), self._clock.now()
        await connection.execute(SQL.forget_links, now)
        span = (now, now + _LIFE[kind])
        await connection.execute(SQL.add_link, digest(code), kind, *whom, *span)
        return code


async def claim_link(
    connection: Connection, kind: LinkKind, code: str, clock: Clock
) -> tuple[str | None, str | None, int | None] | None:
    """Use a code up inside the caller's transaction: name, role and person of it."""
    row = await connection.fetchrow(SQL.claim_link, digest(code), kind, clock.now())
    return None if row is None else (row["name"], row["role"], row["person"])
