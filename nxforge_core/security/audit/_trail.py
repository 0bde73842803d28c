"""The trail in the database: add, read, verify."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from nxforge_core.api import Connection, Database, load_sql

from ._entry import GENESIS, Actor, AuditEntry, Link, link_hash

__all__ = ["AuditFilter", "AuditTrail", "Head", "Verdict", "add_audit"]

_SQL: Final = load_sql(__package__)
_BATCH: Final = 500

Facts = Mapping[str, Any] | None


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows; None lets everything through.

    Attributes:
        action: An action, or its first part: `users` is every `users.*`.
    """

    actor: str | None = None
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Head(msgspec.Struct, frozen=True):
    """The newest row: whoever keeps it elsewhere can prove that none was cut off."""

    id: int
    hash: str


class Verdict(msgspec.Struct, frozen=True):
    """What looking through the whole chain found.

    Attributes:
        broken: Ids of rows that do not fit, with what is wrong; empty is good.
    """

    rows: int
    head: Head | None
    broken: Mapping[int, str]


async def add_audit(
    connection: Connection,
    actor: Actor,
    action: str,
    target: str,
    change: tuple[Facts, Facts] = (None, None),
) -> None:
    """Write one row, at best inside the transaction of what it tells about.

    Args:
        connection: The core's schema.
        actor: Who.
        action: What was done, as `users.create`.
        target: What it was done to.
        change: What was there before and is after it; never a secret.
    """
    who = (_text(actor.name), actor.kind)
    what = (action, _text(target), *change)
    origin = (_text(actor.address), _text(actor.request))
    await connection.execute(_SQL.add_audit, *who, *what, *origin)


class AuditTrail:
    """What was changed in this installation.

    Args:
        database: The core's schema.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        actor: Actor,
        action: str,
        target: str,
        change: tuple[Facts, Facts] = (None, None),
    ) -> None:
        """Write one row in a transaction of its own."""
        await add_audit(self._database, actor, action, target, change)

    async def list(
        self, wanted: AuditFilter, before: int | None = None, limit: int = 100
    ) -> list[AuditEntry]:
        """Newest first, those older than the row `before`."""
        facts = (wanted.actor, wanted.action, wanted.target, wanted.since, wanted.until)
        return await self._database.structs(
            AuditEntry, _SQL.list_audit, before, *facts, limit
        )

    async def every(self, wanted: AuditFilter) -> AsyncIterator[AuditEntry]:
        """All of them, newest first, a few hundred at a time."""
        before: int | None = None
        while rows := await self.list(wanted, before, _BATCH):
            for row in rows:
                yield row
            before = rows[-1].id

    async def head(self) -> Head | None:
        """The newest row; None where there is none."""
        row = await self._database.fetchrow(_SQL.audit_head)
        return None if row is None else Head(row["id"], row["hash"].hex())

    async def verify(self, kept: Head | None = None) -> Verdict:
        """Look through the whole chain.

        Args:
            kept: A head from before, which must still be part of it.
        """
        broken: dict[int, str] = {}
        last_id, last_hash, kept_hash = 0, GENESIS, ""
        while rows := await self._database.structs(
            Link, _SQL.audit_links, last_id, _BATCH
        ):
            for row in rows:
                if why := _misfit(row, last_id, last_hash):
                    broken[row.id] = why
                if kept is not None and row.id == kept.id:
                    kept_hash = row.hash.hex()
                last_id, last_hash = row.id, row.hash
        if kept is not None and kept_hash != kept.hash:
            broken[kept.id] = "it is not the row that was kept, or it is gone"
        head = Head(last_id, last_hash.hex()) if last_id else None
        return Verdict(last_id, head, broken)


def _misfit(row: Link, last_id: int, last_hash: bytes) -> str:
    if row.id != last_id + 1:
        return f"{row.id - last_id - 1} rows before it are gone"
    if row.previous != last_hash:
        return "it does not follow the row before it"
    return "" if link_hash(row) == row.hash else "it was changed"


def _text(text: str) -> str:
    """What PostgreSQL can hold: no NUL, no half of a character."""
    return text.replace("\0", "\\0").encode(errors="replace").decode()
