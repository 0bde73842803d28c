"""`ctx.notify`: what one plugin has to tell people."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from nxforge_core.api import Clock, Database, InvalidInputError, NoticeLevel, load_sql

__all__ = ["LEVELS", "PluginNotify"]

_SQL: Final = load_sql(__package__)
#: As they are stored: a channel wants one and all above it.
LEVELS: Final[tuple[NoticeLevel, ...]] = ("info", "warning", "error")
_LONGEST_SUBJECT: Final = 200
_LONGEST_TEXT: Final = 20_000


class PluginNotify:
    """Implements `nxforge_core.api.Notify`.

    Args:
        database: The core's schema.
        plugin: Who tells.
    """

    def __init__(self, database: Database, plugin: str, clock: Clock) -> None:
        self._database = database
        self._plugin = plugin
        self._clock = clock

    async def send(
        self,
        subject: str,
        text: str,
        *,
        level: NoticeLevel = "info",
        key: str | None = None,
    ) -> int:
        """Take a notice; answers how many channels will be told."""
        if not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
            remedy = f"one line of up to {_LONGEST_SUBJECT} characters"
            raise InvalidInputError(field="subject", value=subject, remedy=remedy)
        facts = (self._plugin, key, LEVELS.index(level), subject, text[:_LONGEST_TEXT])
        queued = await self._database.fetchval(
            _SQL.queue_notice, uuid4(), *facts, self._clock.now()
        )
        if queued:
            await self._database.execute(_SQL.wake)
        return int(queued)
