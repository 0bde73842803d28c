"""The channels that admins set up, and what became of notices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec

from nxforge_core.api import (
    Clock,
    Database,
    NoticeLevel,
    Secrets,
    UnknownItemError,
    load_sql,
)
from nxforge_core.security.audit import Actor, add_audit

from ._errors import ChannelError, DuplicateChannelError
from ._notify import LEVELS
from ._target import Target

__all__ = ["Channel", "Delivery", "NotifyDesk"]

_SQL: Final = load_sql(__package__)
_ADDRESS: Final = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")
_MOST_ADDRESSES: Final = 20

Kind = Literal["email", "webhook"]


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is told.

    Attributes:
        shown: Addresses, or the URL without what may be secret of it.
        plugin: Whose notices; None: of every plugin.
        min_level: Place in the order of levels: that one and those above.
    """

    id: int
    name: str
    kind: Kind
    shown: str
    plugin: str | None
    min_level: int
    enabled: bool
    created_by: str
    created_at: datetime


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one notice at one channel."""

    notice_id: UUID
    channel: str
    plugin: str
    level: int
    subject: str
    created_at: datetime
    state: Literal["pending", "delivered", "failed"]
    attempts: int
    next_at: datetime
    error: str
    done_at: datetime | None


class NotifyDesk:
    """Sets up channels, and shows what became of notices.

    Args:
        database: The core's schema.
        secrets: Plugin zero's: seal where notices go.
    """

    def __init__(self, database: Database, secrets: Secrets, clock: Clock) -> None:
        self._database = database
        self._secrets = secrets
        self._clock = clock

    async def channels(self) -> Sequence[Channel]:
        """All of them by name."""
        return await self._database.structs(Channel, _SQL.list_channels)

    async def deliveries(self, limit: int = 100) -> Sequence[Delivery]:
        """What became of the newest notices."""
        return await self._database.structs(Delivery, _SQL.list_deliveries, limit)

    async def add(
        self,
        name: str,
        target: Target,
        by: Actor,
        *,
        plugin: str | None = None,
        level: NoticeLevel = "info",
    ) -> Channel:
        """Set up a channel.

        Raises:
            ChannelError: nothing can be sent there.
            DuplicateChannelError: the name is taken.
        """
        kind, shown = _judged(target)
        sealed = self._secrets.seal(msgspec.json.encode(target).decode())
        facts = (name, kind, shown, sealed, plugin, LEVELS.index(level), by.name)
        async with self._database.transaction() as connection:
            made = await connection.structs(
                Channel, _SQL.add_channel, *facts, self._clock.now()
            )
            if not made:
                raise DuplicateChannelError(name)
            change = (None, {"kind": kind, "to": shown, "plugin": plugin})
            await add_audit(connection, by, "notify.add", name, change)
        return made[0]

    async def remove(self, channel: int, by: Actor) -> None:
        """Tell it nothing more; what waits for it is dropped.

        Raises:
            UnknownItemError: there is none with the id.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(_SQL.remove_channel, channel)
            if row is None:
                raise UnknownItemError(kind="channel", value=channel)
            change = ({"kind": row["kind"]}, None)
            await add_audit(connection, by, "notify.remove", row["name"], change)

    async def test(self, channel: int, by: Actor) -> None:
        """Queue a notice that says it is a test.

        Raises:
            UnknownItemError: there is none with the id.
        """
        name = await self._database.fetchval(_SQL.channel_name, channel)
        if name is None:
            raise UnknownItemError(kind="channel", value=channel)
        words = (f"Test of {name}", f"{by.name} asked for this test.")
        now = self._clock.now()
        await self._database.execute(_SQL.queue_test, uuid4(), channel, *words, now)
        await self._database.execute(_SQL.wake)


def _judged(target: Target) -> tuple[Kind, str]:
    """The kind, and what everybody may see of where it goes."""
    if target.url:
        parts = urlsplit(target.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            remedy = "give an address such as https://example.org/hook"
            raise ChannelError(field="url", value=parts.scheme, remedy=remedy)
        return "webhook", f"{parts.scheme}://{parts.hostname}/..."
    wrong = [each for each in target.to if not _ADDRESS.fullmatch(each)]
    if wrong or not 0 < len(target.to) <= _MOST_ADDRESSES:
        remedy = f"give 1 to {_MOST_ADDRESSES} addresses such as ops@example.org"
        raise ChannelError(field="to", value=", ".join(wrong), remedy=remedy)
    return "email", ", ".join(target.to)
