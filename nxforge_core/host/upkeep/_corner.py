"""How a plugin's tables are reached by who does not start it."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_sql
from nxforge_core.database import ServerAddress, corner_exists, prepare_corner
from nxforge_core.host._core import Core

__all__ = ["corner_address"]

_SQL: Final = load_sql("nxforge_core.host")


async def corner_address(core: Core, plugin: str) -> ServerAddress:
    """With the plugin's own login, or the host's where it has none."""
    sealed = await core.database.fetchval(_SQL.role_password, plugin)
    if sealed is None or not await corner_exists(core.database, plugin):
        return core.address
    password = core.keys.for_plugin(plugin).open(sealed)
    corner = await prepare_corner(core.database, core.address, plugin, password)
    return corner.address
