"""Each plugin's corner of the database, opened when the plugin starts."""

from __future__ import annotations

import asyncio
from importlib.resources import as_file, files
from typing import Final

from nxforge_core.api import Clock, MigrationsSpec, PluginId, load_sql
from nxforge_core.database import (
    Corner,
    Pool,
    making_login,
    migrate,
    open_reading,
    prepare_corner,
)
from nxforge_core.jobs import grant_fence
from nxforge_core.plugins import Ledger, Plugin
from nxforge_core.plugins.upkeep import grants_of
from nxforge_core.security import SecretError
from nxforge_core.security.sealed import KeyMissingHereError, processes
from nxforge_core.services import get_log

from ._core import Core
from ._shape_checks import shape_check

__all__ = ["Corners"]

_SQL: Final = load_sql("nxforge_core.host")


class Corners:
    """Opens corners and remembers what the server could not give.

    Args:
        core: The host's own corner.
        pool_max: Connections at the most for each plugin.
        ledger: What each plugin costs.
    """

    def __init__(self, core: Core, clock: Clock, pool_max: int, ledger: Ledger) -> None:
        self._ledger = ledger
        self._core = core
        self._clock = clock
        self._pool_max = pool_max
        self._instance = core.instance
        self._pools: dict[PluginId, Pool] = {}
        #: By plugin: why it has no login of its own, and what would give it one.
        self.notices: dict[str, str] = {}

    async def open(self, plugin: Plugin) -> Pool:
        """Schema, login and tables of a plugin, as a pool.

        Raises:
            NxForgeError: the schema cannot be made or a migration fails.
        """
        corner = await self._prepare(plugin)
        if plugin.specs.migrations:
            await self._migrate(corner, plugin, plugin.specs.migrations)
        if corner.isolated:
            await grant_fence(self._core.database, str(corner.address.user))
        await self._open_reading(corner.schema, plugin)
        pool = Pool(
            corner.address,
            search_path=corner.schema,
            application_name=f"nxforge {plugin.id}",
            size=self._pool_max,
            pulse=self._core.database.pulse,
        )
        pool.lending = self._ledger.of(plugin.id).database
        self._pools[plugin.id] = pool
        return pool

    def hurry(self) -> None:
        """Let no pool wait long for a silent server."""
        for pool in self._pools.values():
            pool.hurry()

    async def shut(self, plugin: PluginId) -> None:
        """Close the pool of a plugin whose work ended."""
        if (pool := self._pools.pop(plugin, None)) is not None:
            await pool.close()

    async def close(self) -> None:
        """Close every pool, all at once: on a frozen server each takes its time."""
        async with asyncio.TaskGroup() as group:
            for pool in self._pools.values():
                group.create_task(pool.close())

    async def _open_reading(self, schema: str, plugin: Plugin) -> None:
        relations = plugin.manifest.readable if plugin.manifest else ()
        await open_reading(self._core.database, self._instance, schema, relations)

    async def _prepare(self, plugin: Plugin) -> Corner:
        sealed = await self._core.database.fetchval(_SQL.role_password, plugin.id)
        if sealed is not None:
            return await self._prepare_with(plugin, sealed)
        async with making_login(self._core.address, plugin.id):
            # Another host may have been faster.
            sealed = await self._core.database.fetchval(_SQL.role_password, plugin.id)
            return await self._prepare_with(plugin, sealed)

    async def _prepare_with(self, plugin: Plugin, sealed: str | None) -> Corner:
        database, keys = self._core.database, self._core.keys.for_plugin(plugin.id)
        password = None if sealed is None else await self._opened(plugin.id, sealed)
        corner = await prepare_corner(database, self._core.address, plugin.id, password)
        if corner.notice:
            self.notices[plugin.id] = corner.notice
        if corner.password != password:
            sealed = None if corner.password is None else keys.seal(corner.password)
        facts = (plugin.id, plugin.distribution, plugin.version, sealed)
        asks = grants_of(plugin.manifest) if plugin.manifest else None
        now = self._clock.now()
        await database.execute(_SQL.remember_plugin, *facts, now, asks)
        return corner

    async def _opened(self, plugin: str, sealed: str) -> str | None:
        try:
            return self._core.keys.for_plugin(plugin).open(sealed)
        except SecretError as error:
            for other in await processes(self._core.database):
                if error.key_id in other.keys:
                    raise KeyMissingHereError(error.key_id, other.place) from error
            # A lost key must not keep the host from starting: the login gets a new
            # password, and what else was sealed is told when it is needed.
            facts = {"problem": error.message, "remedy": error.remedy}
            get_log(plugin).error("key lost", **facts)
            return None

    async def _migrate(
        self, corner: Corner, plugin: Plugin, spec: MigrationsSpec
    ) -> None:
        with as_file(files(spec.package) / spec.folder) as folder:
            await migrate(
                corner.address,
                corner.schema,
                plugin.id,
                folder,
                reader=self._core.database,  # saves a login where nothing is pending
                check=shape_check(plugin.id, plugin.folder),
            )
