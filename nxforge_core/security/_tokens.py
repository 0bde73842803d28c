"""API tokens and sessions: stored hashed, checked without a query per request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec

from nxforge_core.api import (
    Clock,
    Connection,
    Database,
    InvalidInputError,
    UnknownItemError,
    load_sql,
)

from ._errors import DuplicateTokenError
from ._recent import Recent
from ._roles import require_role
from ._token_text import PREFIX, digest, is_well_formed, new_text

__all__ = ["NewToken", "StoredToken", "TokenStore", "add_token"]

Kind = Literal["api", "session"]

_SQL: Final = load_sql(__package__)
# A name that begins with a letter can never be mistaken for an id.
_NAME: Final = re.compile(r"[^\W\d_][\w .@+-]{0,99}\Z")
# A revoked token works this long at the most in other processes.
_TTL: Final = 2.0
_KNOWN: Final = 1024
_UNKNOWN: Final = 256
_LARGEST_ID: Final = 2**63 - 1


class StoredToken(msgspec.Struct, frozen=True):
    """What is known of a token; its text is not.

    Attributes:
        kind: `session` for one that a login link was exchanged for.
        hint: The first characters, to recognise it by.
        last_used_at: Exact to about a minute.
    """

    id: int
    kind: Kind
    name: str
    role: str
    hint: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewToken(msgspec.Struct, frozen=True):
    """A token that was just made: the only time its text is known."""

    id: int
    name: str
    role: str
    expires_at: datetime | None
    text: str

    def __repr__(self) -> str:
        return f"NewToken(id={self.id}, name={self.name!r}, role={self.role!r})"


class TokenStore:
    """The tokens of this installation.

    Args:
        database: The core's schema.
        clock: Decides about expiry and the age of remembered answers.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        # Apart, so that a flood of wrong tokens cannot push out the right ones.
        self._known = Recent[StoredToken](_TTL, _KNOWN, clock.monotonic)
        self._unknown = Recent[bool](_TTL, _UNKNOWN, clock.monotonic)
        self._used: dict[int, datetime] = {}

    async def create(
        self, name: str, role: str, expires_at: datetime | None = None
    ) -> NewToken:
        """Make an API token.

        Args:
            name: 1 to 100 characters, beginning with a letter.
            role: `admin`, `operator` or `viewer`.
            expires_at: Aware, in the future; None never expires.

        Raises:
            UnknownRoleError: no role has this name.
            InvalidInputError: the name or the expiry is not acceptable.
            DuplicateTokenError: an active token has the name.
        """
        now = self._clock.now()
        require_future(expires_at, now)
        async with self._database.transaction() as connection:
            await connection.execute(_SQL.retire_expired_token, name, now)
            return await add_token(connection, "api", name, role, (now, expires_at))

    async def authenticate(self, text: str) -> StoredToken | None:
        """The token this text belongs to; None if it is unknown, revoked or expired."""
        if not is_well_formed(text):
            return None
        key = digest(text)
        token = self._known.get(key)
        if token is None:
            if self._unknown.get(key):
                return None
            token = await self._look_up(key)
        now = self._clock.now()
        if token is None or (token.expires_at is not None and token.expires_at <= now):
            return None
        self._used[token.id] = now
        return token

    async def _look_up(self, key: bytes) -> StoredToken | None:
        rows = await self._database.structs(StoredToken, _SQL.find_token, key)
        if not rows:
            self._unknown.put(key, value=True)
            return None
        self._known.put(key, rows[0])
        return rows[0]

    async def flush(self) -> None:
        """Store when tokens were last used; the host calls it about once a minute."""
        used, self._used = self._used, {}
        if not used:
            return
        try:
            await self._database.execute(
                _SQL.touch_tokens, list(used), list(used.values())
            )
        except BaseException:
            self._used = used | self._used
            raise

    async def revoke(self, which: int | str) -> int:
        """Revoke a token by id, or all tokens and sessions of a name.

        Other processes follow within two seconds.

        Returns:
            How many were revoked.

        Raises:
            UnknownItemError: no active token has this id or name.
        """
        now = self._clock.now()
        if isinstance(which, int) or which.isdecimal():
            wanted = min(int(which), _LARGEST_ID)
            rows = await self._database.fetch(_SQL.revoke_token_by_id, wanted, now)
        else:
            rows = await self._database.fetch(_SQL.revoke_tokens_by_name, which, now)
        self._known.clear()
        if not rows:
            remedy = "'nxforge tokens list' shows the active ones"
            raise UnknownItemError(kind="active token", value=which, remedy=remedy)
        return len(rows)

    async def list(self) -> Sequence[StoredToken]:
        """API tokens that are not revoked and sessions that still run, by name."""
        return await self._database.structs(
            StoredToken, _SQL.list_tokens, self._clock.now()
        )


def require_name(name: str) -> None:
    """Refuse a name that could not be told from an id or would garble a list.

    Raises:
        InvalidInputError: it is empty, too long or holds other characters.
    """
    if not _NAME.match(name):
        raise InvalidInputError(
            field="name",
            value=name,
            remedy="begin with a letter; up to 100 letters, digits, spaces and _.@+-",
        )


def require_future(expires_at: datetime | None, now: datetime) -> None:
    """Refuse an expiry that is naive or has passed.

    Raises:
        InvalidInputError: it is one of these.
    """
    if expires_at is not None and (expires_at.tzinfo is None or expires_at <= now):
        raise InvalidInputError(
            field="expires_at",
            value=expires_at.isoformat(),
            remedy="use an instant in the future, with its offset from UTC",
        )


async def add_token(
    connection: Connection,
    kind: Kind,
    name: str,
    role: str,
    span: tuple[datetime, datetime | None],
) -> NewToken:
    """Write one token, inside the caller's transaction.

    Args:
        connection: In a transaction.
        kind: API token or session.
        name: Of the token; sessions may share one.
        role: What it may do.
        span: When it begins and ends.

    Raises:
        UnknownRoleError: no role has this name.
        InvalidInputError: the name is not acceptable.
        DuplicateTokenError: an active API token has the name.
    """
    require_role(role)
    require_name(name)
    text = new_text()
    hint = text[: len(PREFIX) + 4]
    facts = (kind, name, role, digest(text), hint, *span)
    made = await connection.fetchval(_SQL.add_token, *facts)
    if made is None:
        raise DuplicateTokenError(name)
    return NewToken(made, name, role, span[1], text)
