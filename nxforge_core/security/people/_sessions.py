"""Sessions: rows on the server, a random text in one browser's cookie."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from nxforge_core.api import Clock, Connection, Database, UnknownItemError
from nxforge_core.security._recent import Recent
from nxforge_core.security._token_text import digest, is_well_formed, new_text
from nxforge_core.security.audit import Actor, add_audit

from ._sql import SQL

__all__ = ["NewSession", "Origin", "SessionView", "Sessions", "StoredSession"]

# Other processes are told at once; this is for the time in which nobody hears.
_TTL: Final = 2.0
_KNOWN: Final = 1024
_AGENT: Final = 200


class Origin(msgspec.Struct, frozen=True):
    """Where somebody logs in from.

    Attributes:
        agent: What the browser calls itself; shown to its owner, believed by nobody.
    """

    address: str = ""
    agent: str = ""


class NewSession(msgspec.Struct, frozen=True):
    """A session that has just begun: the only time its text is known."""

    id: int
    text: str
    ends_at: datetime

    def __repr__(self) -> str:
        return f"NewSession(id={self.id})"


class StoredSession(msgspec.Struct, frozen=True):
    """A session with what its owner may do.

    Attributes:
        person: Id of the account; None of a guest.
        grants: What the role holds if it is an own one.
    """

    id: int
    person: int | None
    name: str
    role: str
    grants: list[str] | None
    last_used_at: datetime
    ends_at: datetime


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A session as people see it."""

    id: int
    name: str
    guest: bool
    created_at: datetime
    last_used_at: datetime
    ends_at: datetime
    address: str
    agent: str


class Sessions:
    """The sessions of this installation.

    Args:
        database: The core's schema.
        clock: Decides about expiry.
        idle: Seconds without a request after which one ends.
        longest: Seconds after which one ends whatever happens.
    """

    def __init__(
        self, database: Database, clock: Clock, idle: float, longest: float
    ) -> None:
        self._database = database
        self._clock = clock
        self._idle = timedelta(seconds=idle)
        self._longest = timedelta(seconds=longest)
        self._known = Recent[StoredSession](_TTL, _KNOWN, clock.monotonic)
        self._used: dict[int, datetime] = {}

    def forget(self) -> None:
        """Ask the database again: somebody changed something somewhere."""
        self._known.clear()

    async def begin(
        self, connection: Connection, person: int, origin: Origin
    ) -> NewSession:
        """Begin a session of a person, inside the caller's transaction."""
        return await self._add(connection, (person, None, None), origin)

    async def begin_guest(
        self, connection: Connection, name: str, role: str, origin: Origin
    ) -> NewSession:
        """Begin a session of somebody without an account."""
        return await self._add(connection, (None, name, role), origin)

    async def authenticate(self, text: str) -> StoredSession | None:
        """The session of this text; None if it is unknown, ended or unused for long."""
        if not is_well_formed(text):
            return None
        key = digest(text)
        session = self._known.get(key)
        if session is None:
            cleared = self._known.cleared
            rows = await self._database.structs(StoredSession, SQL.find_session, key)
            if not rows:
                return None
            session = rows[0]
            self._known.put(key, session, cleared)
        now = self._clock.now()
        used = max(
            session.last_used_at, self._used.get(session.id, session.last_used_at)
        )
        if now >= session.ends_at or now - used >= self._idle:
            return None
        self._used[session.id] = now
        return session

    async def list(self, person: int | None = None) -> list[SessionView]:
        """Those that still run, of one person or of everybody."""
        now = self._clock.now()
        facts = (now, now - self._idle, person)
        return await self._database.structs(SessionView, SQL.list_sessions, *facts)

    async def end(self, session: int, by: Actor, person: int | None = None) -> None:
        """End one at once, in every process.

        Args:
            session: Its id.
            by: Who ends it.
            person: Whose it must be; None for anybody's.

        Raises:
            UnknownItemError: there is none, or it is somebody else's.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(SQL.end_session, session, person)
            if row is None:
                raise UnknownItemError(kind="session", value=session)
            await add_audit(connection, by, "sessions.end", f"{row['name']}/{session}")
        self.forget()

    async def end_all(
        self, person: tuple[int, str], by: Actor, *, but: int | None
    ) -> int:
        """End all of a person's but one; answers how many there were."""
        async with self._database.transaction() as connection:
            count = int(await connection.fetchval(SQL.end_sessions, person[0], but))
            if count:
                after = {"ended": count}
                await add_audit(
                    connection, by, "sessions.end", person[1], (None, after)
                )
        self.forget()
        return count

    async def flush(self) -> None:
        """Store when sessions were last used and forget old ones, once a minute."""
        used, self._used = self._used, {}
        try:
            if used:
                times = list(used.values())
                await self._database.execute(SQL.touch_sessions, list(used), times)
            now = self._clock.now()
            await self._database.execute(SQL.forget_sessions, now, now - self._idle)
            await self._database.execute(SQL.forget_old_devices, now)
        except BaseException:
            self._used = used | self._used
            raise

    async def _add(
        self,
        connection: Connection,
        who: tuple[int | None, str | None, str | None],
        origin: Origin,
    ) -> NewSession:
        text, now = new_text(), self._clock.now()
        ends_at = now + self._longest
        agent = "".join(c if c.isprintable() else " " for c in origin.agent)[:_AGENT]
        facts = (digest(text), *who, now, ends_at, origin.address, agent)
        made = await connection.fetchval(SQL.add_session, *facts)
        return NewSession(int(made), text, ends_at)
