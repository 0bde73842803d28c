"""The plugin is removed, as an admin does it: what stays."""

from __future__ import annotations

import asyncpg
import msgspec

from nxforge_core.api import NxForgeError, load_sql
from nxforge_core.database import ServerAddress, schema_name
from nxforge_core.host import open_core
from nxforge_core.host.upkeep import Remover
from nxforge_core.security.audit import Actor
from nxforge_core.services import SystemClock
from nxforge_core.settings import PluginSettings, Settings

__all__ = ["residue_of"]

_SQL = load_sql("nxforge_core.kit")
_KIT = Actor("console:nxforge check", "command")


async def residue_of(
    plugin: str, address: ServerAddress, settings: Settings
) -> tuple[str, ...]:
    """What the plugin had outside its schema, and what its removal left, in words."""
    connection = await asyncpg.connect(**address.asyncpg_arguments())
    try:
        rows = await connection.fetch(_SQL.owned_elsewhere, schema_name(plugin))
    finally:
        await connection.close()
    owned = [f"its login owns something elsewhere: {row['what']}" for row in rows]
    return (*owned, *await _removed(plugin, settings))


async def _removed(plugin: str, settings: Settings) -> list[str]:
    without = msgspec.structs.replace(settings, plugins=PluginSettings())
    try:
        async with open_core(without) as core:
            remover = Remover(core, SystemClock(), without)
            receipt = await remover.remove(plugin, {plugin}, _KIT, None)
    except (NxForgeError, asyncpg.PostgresError) as error:
        return [f"it cannot be removed: {error}"]
    return [f"its removal leaves {what}" for what in receipt.residue]
