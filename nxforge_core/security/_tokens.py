"""API tokens: stored hashed, checked without a query per request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from nxforge_core.api import (
    Clock,
    Database,
    InvalidInputError,
    UnknownItemError,
    load_sql,
)

from ._errors import DuplicateTokenError
from ._grants import check_grants
from ._recent import Recent
from ._roles import require_role
from ._token_text import PREFIX, digest, is_well_formed, new_text
from .audit import Actor, add_audit

__all__ = ["CONSOLE", "Limits", "NewToken", "StoredToken", "TokenStore", "require_name"]

_SQL: Final = load_sql(__package__)
# A name that begins with a letter can never be mistaken for an id.
_NAME: Final = re.compile(r"[^\W\d_][\w .@+-]{0,99}\Z")
# Other processes are told at once; this is for the time in which nobody hears.
_TTL: Final = 2.0
_KNOWN: Final = 1024
_UNKNOWN: Final = 256
_LARGEST_ID: Final = 2**63 - 1


#: Whoever owns the machine and calls commands on it.
CONSOLE: Final = Actor("console", "command")


class Limits(msgspec.Struct, frozen=True):
    """What a token may do of what its holder may; None is all of it.

    Attributes:
        permissions: Permissions and wildcards.
        plugins: Ids of plugins whose permissions count; `nxforge` is the host itself.
    """

    permissions: Sequence[str] | None = None
    plugins: Sequence[str] | None = None


_UNLIMITED: Final = Limits()


class StoredToken(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a token; its text is not.

    Attributes:
        owner: Id of the person it belongs to; None for one of nobody's.
        holder: Name of that person.
        role: The token's, or that person's now.
        grants: What the role holds if it is an own one.
        hint: The first characters, to recognise it by.
        last_used_at: Exact to about a minute.
    """

    id: int
    name: str
    owner: int | None
    holder: str | None
    role: str
    grants: list[str] | None
    permissions: list[str] | None
    plugins: list[str] | None
    hint: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewToken(msgspec.Struct, frozen=True):
    """A token that was just made: the only time its text is known."""

    id: int
    name: str
    expires_at: datetime | None
    text: str

    def __repr__(self) -> str:
        return f"NewToken(id={self.id}, name={self.name!r})"


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

    def forget(self) -> None:
        """Ask the database again: somebody changed something somewhere."""
        self._known.clear()

    async def create(
        self,
        name: str,
        role: str,
        expires_at: datetime | None = None,
        *,
        limits: Limits = _UNLIMITED,
        by: Actor = CONSOLE,
    ) -> NewToken:
        """Make a token that belongs to nobody and has a role of its own.

        Args:
            name: 1 to 100 characters, beginning with a letter.
            role: A built-in role or an own one.
            expires_at: Aware, in the future; None never expires.
            limits: What of that role it may use.
            by: Who makes it.

        Raises:
            UnknownRoleError: no role has this name.
            InvalidInputError: the name, the expiry or a limit is not acceptable.
            DuplicateTokenError: an active token has the name.
        """
        return await self._make((name, role, None), expires_at, limits, by)

    async def create_own(
        self,
        name: str,
        owner: int,
        expires_at: datetime | None = None,
        *,
        limits: Limits = _UNLIMITED,
        by: Actor,
    ) -> NewToken:
        """Make a token of a person: it never may more, and works no longer, than they.

        Raises:
            InvalidInputError: the name, the expiry or a limit is not acceptable.
            DuplicateTokenError: an active token of that person has the name.
        """
        return await self._make((name, None, owner), expires_at, limits, by)

    async def _make(
        self,
        what: tuple[str, str | None, int | None],
        expires_at: datetime | None,
        limits: Limits,
        by: Actor,
    ) -> NewToken:
        name, role, owner = what
        now = self._clock.now()
        require_future(expires_at, now)
        require_name(name)
        check_grants("permissions", limits.permissions or ())
        check_grants("plugins", limits.plugins or ())
        text = new_text()
        hint = text[: len(PREFIX) + 4]
        facts = (name, role, owner, limits.permissions, limits.plugins)
        async with self._database.transaction() as connection:
            if role is not None:
                await require_role(connection, role)
            await connection.execute(_SQL.retire_expired_token, name, owner, now)
            made = await connection.fetchval(
                _SQL.add_token, *facts, digest(text), hint, now, expires_at
            )
            if made is None:
                raise DuplicateTokenError(name)
            after = {
                "hint": hint,
                "role": role,
                "expiresAt": None if expires_at is None else expires_at.isoformat(),
                **msgspec.structs.asdict(limits),
            }
            await add_audit(connection, by, "tokens.create", name, (None, after))
        return NewToken(made, name, expires_at, text)

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
        cleared = self._known.cleared
        rows = await self._database.structs(StoredToken, _SQL.find_token, key)
        if not rows:
            self._unknown.put(key, value=True)
            return None
        self._known.put(key, rows[0], cleared)
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

    async def revoke(
        self, which: int | str, by: Actor = CONSOLE, owner: int | None = None
    ) -> int:
        """Revoke a token by id, or all tokens of a name, in every process at once.

        Args:
            which: Id or name.
            by: Who revokes it.
            owner: Whose it must be; None for anybody's.

        Returns:
            How many were revoked.

        Raises:
            UnknownItemError: no active token has this id or name.
        """
        now = self._clock.now()
        async with self._database.transaction() as connection:
            if isinstance(which, int) or which.isdecimal():
                wanted = min(int(which), _LARGEST_ID)
                rows = await connection.fetch(
                    _SQL.revoke_token_by_id, wanted, owner, now
                )
            else:
                text = which.replace("\0", " ")
                rows = await connection.fetch(
                    _SQL.revoke_tokens_by_name, text, owner, now
                )
            for row in rows:
                before = {"id": row["id"], "hint": row["hint"]}
                await add_audit(
                    connection, by, "tokens.revoke", row["name"], (before, None)
                )
        self._known.clear()
        if not rows:
            remedy = "'nxforge tokens list' shows the active ones"
            raise UnknownItemError(kind="active token", value=which, remedy=remedy)
        return len(rows)

    async def list(self, owner: int | None = None) -> Sequence[StoredToken]:
        """Tokens that are not revoked, by name; of one person or all."""
        return await self._database.structs(StoredToken, _SQL.list_tokens, owner)


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
