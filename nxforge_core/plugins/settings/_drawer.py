"""Where the settings of plugins that admins change are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from nxforge_core.api import Connection, Secrets, load_sql
from nxforge_core.settings import masked

__all__ = ["Drawer", "Kept"]

_SQL: Final = load_sql(__package__)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A stored value, opened.

    Attributes:
        version: Of the plugin's settings, when it was stored.
    """

    name: str
    value: Any
    version: int
    changed_by: str
    changed_at: datetime


class _Row(msgspec.Struct, frozen=True):
    name: str
    value: Any
    sealed: str | None
    version: int
    changed_by: str
    changed_at: datetime


class Drawer:
    """The stored settings of one plugin.

    Args:
        connection: The core's schema.
        plugin: Whose.
        secrets: Seals what is shown to nobody.
    """

    def __init__(self, connection: Connection, plugin: str, secrets: Secrets) -> None:
        self._connection = connection
        self._plugin = plugin
        self._secrets = secrets

    async def lock(self) -> None:
        """Let nobody else change them until the transaction ends."""
        await self._connection.execute(_SQL.lock_settings, self._plugin)

    async def read(self) -> Mapping[str, Kept]:
        """All of them, by name.

        Raises:
            SecretError: one cannot be opened.
        """
        rows = await self._connection.structs(_Row, _SQL.stored_settings, self._plugin)
        return {row.name: self._opened(row) for row in rows}

    async def names(self) -> list[str]:
        """Names of all of them; nothing is opened, so a lost key does no harm."""
        rows = await self._connection.structs(_Row, _SQL.stored_settings, self._plugin)
        return [row.name for row in rows]

    async def put(self, kept: Iterable[Kept]) -> None:
        """Store values, whatever was there."""
        for one in kept:
            value, sealed = self._closed(one)
            facts = (one.version, one.changed_by, one.changed_at)
            await self._connection.execute(
                _SQL.put_setting, self._plugin, one.name, value, sealed, *facts
            )

    async def drop(self, names: Iterable[str]) -> None:
        """Store nothing of these any more."""
        await self._connection.execute(_SQL.drop_settings, self._plugin, list(names))

    def _opened(self, row: _Row) -> Kept:
        value = row.value
        if row.sealed is not None:
            value = msgspec.json.decode(self._secrets.open(row.sealed))
        return Kept(
            name=row.name,
            value=value,
            version=row.version,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )

    def _closed(self, one: Kept) -> tuple[Any, str | None]:
        # A password may stand inside a table or a URL, too.
        if masked(one.name, one.value) == one.value:
            return one.value, None
        return None, self._secrets.seal(msgspec.json.encode(one.value).decode())
