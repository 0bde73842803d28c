"""A real PostgreSQL for whichever test wants one, and an empty database for each.

The embedded server by default; those of NXFORGE_TEST_DATABASE_URL where that is set,
one for each process of the run, separated by spaces (their logins must be able to
create databases and roles). Roles belong to a server, so two processes never share one.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import asyncpg
import pytest

from nxforge_core.database import EmbeddedServer, ServerAddress, quote_identifier

__all__ = ["database", "server"]

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
#: Bytes that the servers of a run need at the most, with some to spare.
_ROOM: Final = 4 << 30

_ROLES_OF: Final = """
SELECT r.rolname FROM pg_roles AS r JOIN pg_shdescription AS d ON d.objoid = r.oid
WHERE d.description = 'NxForge, database ' || $1
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerAddress]:
    """A running server, shared by the whole run: make nothing in it but databases."""
    if urls := os.environ.get("NXFORGE_TEST_DATABASE_URL", "").split():
        yield ServerAddress.parse(urls[_number_of_process()])
        return
    with _quick_folder(tmp_path_factory) as folder, asyncio.Runner() as runner:
        embedded = EmbeddedServer(folder)
        runner.run(embedded.start())
        # Tests make databases and roles, which the host's own login may not.
        address = embedded.owner
        try:
            runner.run(_spare_the_disk(address))
            yield address
        finally:
            runner.run(embedded.stop())


@contextmanager
def _quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is room, else on the disk.

    A database for each test is a thousand files made and removed, and half the time
    of the tests when a disk has to keep up with that.
    """
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ROOM:
        yield tmp_path_factory.mktemp("postgresql")
        return
    with TemporaryDirectory(prefix="nxforge-", dir=_MEMORY) as folder:
        yield Path(folder)


async def _spare_the_disk(address: ServerAddress) -> None:
    # Nobody pulls this server's plug, and a database for each test is cheaper so.
    connection = await asyncpg.connect(**address.asyncpg_arguments())
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await connection.execute(f"ALTER SYSTEM SET {setting} = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


def _number_of_process() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture
async def database(server: ServerAddress) -> AsyncIterator[ServerAddress]:
    """A fresh, empty database; it and the roles made for it go with the test."""
    name = f"test_{secrets.token_hex(6)}"
    quoted = quote_identifier(name)
    connection = await asyncpg.connect(**server.asyncpg_arguments())
    try:
        await connection.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
        yield server.with_database(name)
        await connection.execute(f"DROP DATABASE {quoted} WITH (FORCE)")
        for row in await connection.fetch(_ROLES_OF, name):
            await connection.execute(f"DROP ROLE {quote_identifier(row['rolname'])}")
    finally:
        await connection.close()
