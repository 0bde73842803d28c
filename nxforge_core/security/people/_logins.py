"""Logging in with a password, and changing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec

from nxforge_core.api import Clock, Connection, Database
from nxforge_core.security._token_text import digest, new_text
from nxforge_core.security.audit import Actor, add_audit

from ._errors import WrongLoginError
from ._hashing import Hasher
from ._password import LONGEST, check_password
from ._sessions import NewSession, Origin, Sessions
from ._sql import SQL
from ._troubles import Troubles, change_keys, device_keys, stranger_keys

__all__ = ["Attempt", "Entered", "Logins"]

#: A browser nobody logged in with for so long is a stranger again.
_DEVICE_LIFE: Final = timedelta(days=180)
_LONGEST_NAME: Final = 100


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at the door.

    Attributes:
        device: What the browser holds of an earlier log-in.
        session: What it holds of a session; it ends when another begins.
    """

    name: str
    password: str
    origin: Origin
    device: str = ""
    session: str = ""
    request: str = ""

    def __repr__(self) -> str:
        return f"Attempt(name={self.name!r}, origin={self.origin!r})"


class Entered(msgspec.Struct, frozen=True):
    """Somebody who is in.

    Attributes:
        device: What the browser is to hold; empty where it keeps what it has.
    """

    name: str
    role: str
    session: NewSession
    device: str


class Logins:
    """Checks passwords; knows nothing of HTTP.

    Args:
        database: The core's schema.
        clock: Says when.
        sessions: Where one begins.
        shortest: Characters of a new password at the least.
        known: Words besides a person's names that make no password.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sessions: Sessions,
        shortest: int,
        known: Iterable[str] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._sessions = sessions
        self._shortest = shortest
        self._known = tuple(known)
        self._hasher = Hasher()
        self.troubles = Troubles(database, clock)

    async def enter(self, attempt: Attempt) -> Entered:
        """Let somebody in.

        Raises:
            WrongLoginError: nobody has name and password, or the account is off.
            TooManyLoginsError: too many failures before.
            LoginBusyError: too many at once.
        """
        name = attempt.name.replace("\0", " ")[:_LONGEST_NAME]
        row = await self._database.fetchrow(SQL.find_login, name)
        known = await self._is_known(attempt.device, row)
        keys = (
            device_keys(digest(attempt.device))
            if known
            else stranger_keys(name, attempt.origin.address)
        )
        await self.troubles.admit(keys)
        kept = row["password"] if row else None
        right = await self._matches(kept, attempt.password)
        if row is None or not right or not row["active"]:
            raise WrongLoginError
        async with self._database.transaction() as connection:
            await self._confirm(connection, row)
            await self.troubles.refund(connection, keys)
            actor = Actor(
                row["name"], "person", attempt.origin.address, attempt.request
            )
            await add_audit(connection, actor, "sessions.begin", row["name"])
            entered = await self.let_in(connection, row, attempt, keep_device=known)
        self._sessions.forget()
        await self._renew(row, attempt.password)
        return entered

    async def change(
        self, person: int, typed: tuple[str, str], attempt: Attempt
    ) -> Entered:
        """Change one's own password; every session ends, and one begins anew.

        Args:
            person: Who is logged in.
            typed: The password of now, and the one from now on.
            attempt: Where the request comes from.

        Raises:
            WrongLoginError: that is not the password of now.
            TooManyLoginsError: too many failures before.
            WeakPasswordError: somebody would guess the new one.
        """
        row = await self._database.fetchrow(SQL.find_login_by_id, person)
        keys = change_keys(person)
        await self.troubles.admit(keys)
        right = await self._matches(row["password"] if row else None, typed[0])
        if row is None or not right:
            raise WrongLoginError
        made = await self.make(person, typed[1])
        actor = Actor(row["name"], "person", attempt.origin.address, attempt.request)
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_people)
            await self._confirm(connection, row)
            await self.troubles.refund(connection, keys)
            await self.put(connection, row, made, actor)
            entered = await self.let_in(connection, row, attempt, keep_device=False)
        self._sessions.forget()
        return entered

    async def make(self, person: int | None, password: str, name: str = "") -> str:
        """The hash of a new password.

        Args:
            person: Whose it is to be; None for somebody who is not here yet.
            password: As typed.
            name: Of somebody who is not here yet.

        Raises:
            WeakPasswordError: somebody would guess it.
        """
        row = await self._database.fetchrow(SQL.people_names, person) or {}
        check_password(password, self._shortest, (name, *row.values(), *self._known))
        return await self._hasher.hash(password)

    async def put(
        self, connection: Connection, row: Mapping[str, Any], made: str, actor: Actor
    ) -> None:
        """Store a new hash; sessions, known browsers and links of before end."""
        person = row["id"]
        await connection.execute(SQL.set_password, person, made, self._clock.now())
        await connection.fetchval(SQL.end_sessions, person, None)
        await connection.execute(SQL.forget_devices, person)
        await connection.execute(SQL.forget_person_links, person)
        await add_audit(connection, actor, "users.password", row["name"])

    async def let_in(
        self,
        connection: Connection,
        row: Mapping[str, Any],
        attempt: Attempt,
        *,
        keep_device: bool,
    ) -> Entered:
        """Begin a session with a new text; the one the browser had ends."""
        now = self._clock.now()
        if attempt.session:
            old = digest(attempt.session)
            await connection.execute(SQL.end_session_by_hash, old)
        await connection.execute(SQL.note_login, row["id"], now)
        device = "" if keep_device else new_text()
        if device:
            facts = (digest(device), row["id"], now, now + _DEVICE_LIFE)
            await connection.execute(SQL.add_device, *facts)
        session = await self._sessions.begin(connection, row["id"], attempt.origin)
        return Entered(row["name"], row["role"], session, device)

    async def _confirm(self, connection: Connection, row: Mapping[str, Any]) -> None:
        """Nobody changed the password or closed the account while it was checked."""
        facts = (row["id"], row["password"])
        if await connection.fetchrow(SQL.confirm_login, *facts) is None:
            raise WrongLoginError

    async def _is_known(self, device: str, row: Mapping[str, Any] | None) -> bool:
        if not device:
            return False
        person = row["id"] if row else 0
        facts = (digest(device), person, self._clock.now())
        return await self._database.fetchval(SQL.find_device, *facts) is not None

    async def _matches(self, kept: str | None, password: str) -> bool:
        # Nobody's password is longer; hashing megabytes would be work for nothing.
        return await self._hasher.verify(kept, password[: LONGEST + 1])

    async def _renew(self, row: Mapping[str, Any], password: str) -> None:
        if self._hasher.is_dated(row["password"]):
            renewed = await self._hasher.hash(password)
            facts = (row["id"], row["password"], renewed)
            await self._database.execute(SQL.renew_hash, *facts)
