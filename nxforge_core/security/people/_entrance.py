"""The ways in that begin with a link."""

from __future__ import annotations

import msgspec

from nxforge_core.api import Clock, Database
from nxforge_core.security.audit import Actor, add_audit

from ._accounts import add_person
from ._errors import DeadLinkError
from ._links import Links, claim_link
from ._logins import Attempt, Entered, Logins
from ._person import NewPerson
from ._sessions import Sessions
from ._sql import SQL

__all__ = ["Entrance"]


class Entrance:
    """Exchanges codes for sessions, each once.

    Args:
        database: The core's schema.
        clock: Decides about expiry.
        sessions: Where one begins.
        logins: Makes passwords.
    """

    def __init__(
        self, database: Database, clock: Clock, sessions: Sessions, logins: Logins
    ) -> None:
        self._database = database
        self._clock = clock
        self._sessions = sessions
        self._logins = logins
        self._links = Links(database, clock)

    async def log_in(self, code: str, attempt: Attempt) -> Entered:
        """Let a guest in with the role of the link.

        Raises:
            DeadLinkError: the code was used, is too old, or never was.
        """
        async with self._database.transaction() as connection:
            claimed = await claim_link(connection, "login", code, self._clock)
            if claimed is None:
                raise DeadLinkError
            name, role = str(claimed[0]), str(claimed[1])
            actor = Actor(name, "guest", attempt.origin.address, attempt.request)
            await add_audit(connection, actor, "sessions.begin", name)
            session = await self._sessions.begin_guest(
                connection, name, role, attempt.origin
            )
        return Entered(name, role, session, "")

    async def set_up(self, code: str, wanted: NewPerson, attempt: Attempt) -> Entered:
        """Make the first administrator and let them in.

        Whoever is second finds that somebody administers the host already.

        Raises:
            DeadLinkError: the code was used, is too old, or never was.
            WeakPasswordError: somebody would guess the password.
            InvalidInputError: a value is not acceptable.
        """
        await self._require("setup", code)
        made = await self._logins.make(None, attempt.password, wanted.name)
        wanted = msgspec.structs.replace(wanted, role="admin")
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_people)
            claimed = await claim_link(connection, "setup", code, self._clock)
            if claimed is None or await connection.fetchval(SQL.count_admins):
                raise DeadLinkError
            person = await add_person(connection, wanted, self._clock)
            row = {"id": person, "name": wanted.name, "role": wanted.role}
            actor = Actor(
                wanted.name, "person", attempt.origin.address, attempt.request
            )
            after = msgspec.structs.asdict(wanted)
            await add_audit(
                connection, actor, "users.setup", wanted.name, (None, after)
            )
            await self._logins.put(connection, row, made, actor)
            await connection.execute(SQL.forget_setup_links)
            return await self._logins.let_in(
                connection, row, attempt, keep_device=False
            )

    async def reset(self, code: str, attempt: Attempt) -> Entered:
        """Set the password of whom the link was made for, and let them in.

        Raises:
            DeadLinkError: the code was used, is too old, or never was.
            WeakPasswordError: somebody would guess the password.
        """
        name = await self._require("reset", code)
        row = await self._database.fetchrow(SQL.find_login, name)
        made = await self._logins.make(row["id"] if row else None, attempt.password)
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_people)
            claimed = await claim_link(connection, "reset", code, self._clock)
            row = await connection.fetchrow(SQL.person_to_change, name)
            whole = row is not None and row["active"]
            if claimed is None or row is None or not whole or row["id"] != claimed[2]:
                raise DeadLinkError
            origin = attempt.origin.address
            actor = Actor(row["name"], "person", origin, attempt.request)
            await self._logins.put(connection, row, made, actor)
            entered = await self._logins.let_in(
                connection, row, attempt, keep_device=False
            )
        self._sessions.forget()
        return entered

    async def _require(self, kind: str, code: str) -> str:
        # Before anything that costs time: a wrong code is answered cheaply.
        name = await self._links.find(kind, code)  # type: ignore[arg-type]  # one of them
        if name is None:
            raise DeadLinkError
        return name
