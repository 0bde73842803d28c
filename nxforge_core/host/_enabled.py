"""Which plugins an admin has enabled, beside those that the settings name."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import Database, load_sql
from nxforge_core.security import CONSOLE
from nxforge_core.security.audit import Actor, add_audit

__all__ = ["enabled_plugins", "instance_id", "set_enabled"]

_SQL: Final = load_sql("nxforge_core.host")


async def enabled_plugins(database: Database) -> frozenset[str]:
    """Ids of plugins that were enabled by `nxforge plugins enable`."""
    rows = await database.fetch(_SQL.enabled_plugins)
    return frozenset(row["id"] for row in rows)


async def instance_id(database: Database) -> str:
    """What tells this installation from others on the same server: a UUID."""
    return str(await database.fetchval(_SQL.instance_id))


async def set_enabled(
    database: Database,
    plugin: tuple[str, str, str],
    *,
    enabled: bool,
    by: Actor = CONSOLE,
) -> None:
    """Remember an admin's word; hosts follow when they start again.

    Args:
        database: The core's schema.
        plugin: Id, distribution, version.
        enabled: The word.
        by: The admin.
    """
    async with database.transaction() as connection:
        await connection.execute(_SQL.forget_schedules, plugin[0], enabled)
        await connection.execute(_SQL.forget_subscribers, plugin[0], enabled)
        await connection.execute(_SQL.tell_enabled, plugin[0], enabled, plugin[2])
        await connection.execute(_SQL.set_enabled, *plugin, enabled)
        action = "plugins.enable" if enabled else "plugins.disable"
        after = {"version": plugin[2]}
        await add_audit(connection, by, action, plugin[0], (None, after))
