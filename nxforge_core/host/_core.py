"""The core's own corner: the server, the schema `nxforge`, the key set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Final

from nxforge_core.api import NxForgeError, load_sql
from nxforge_core.database import (
    EmbeddedServer,
    Pool,
    ServerAddress,
    ServerInfo,
    check_server,
    migrate,
)
from nxforge_core.security import KeyRing
from nxforge_core.services import beside, get_log
from nxforge_core.settings import Settings

__all__ = ["CORE_SCHEMA", "Core", "open_core", "open_server"]

CORE_SCHEMA: Final = "nxforge"
_APPLICATION: Final = "nxforge"
_SQL: Final = load_sql("nxforge_core.host")


@dataclass(frozen=True, slots=True)
class Core:
    """What every part of the host stands on.

    Attributes:
        instance: What tells this installation from others on the same server: a UUID.
    """

    address: ServerAddress
    server: ServerInfo
    database: Pool
    keys: KeyRing
    instance: str


@asynccontextmanager
async def open_core(settings: Settings) -> AsyncIterator[Core]:
    """Open the database, bring the core's tables up to date, load the key set.

    Raises:
        NxForgeError: the server is unreachable or too old, the data directory cannot
            be written, a migration fails, or the key set is not usable.
    """
    async with open_server(settings) as address:
        server = await check_server(address)
        pool = Pool(
            address,
            search_path=CORE_SCHEMA,
            application_name=_APPLICATION,
            size=settings.database.pool_max,
        )
        try:
            await _migrate_core(pool, address)
            keys = KeyRing.load(settings.secrets, settings.data_dir)
            instance = str(await pool.fetchval(_SQL.instance_id))
            yield Core(address, server, pool, keys, instance)
        finally:
            await pool.close()


@asynccontextmanager
async def open_server(settings: Settings) -> AsyncIterator[ServerAddress]:
    """The database as it is, with the host's login; nothing in it is touched.

    Raises:
        NxForgeError: the embedded server cannot be started.
    """
    if settings.database.url is not None:
        yield ServerAddress.parse(settings.database.url)
        return
    server = EmbeddedServer(settings.data_dir / "postgresql")
    async with server as address, beside(server.keep(_report)):
        yield address


def _report(error: NxForgeError) -> None:
    get_log(None).error("embedded server", problem=error.message, remedy=error.remedy)


async def _migrate_core(pool: Pool, address: ServerAddress) -> None:
    await pool.execute(_SQL.make_core_schema)
    with as_file(files("nxforge_core.builtin") / "migrations") as folder:
        await migrate(address, CORE_SCHEMA, "nxforge", folder, reader=pool)
