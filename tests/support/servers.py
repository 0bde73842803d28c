"""A real PostgreSQL for whichever test wants one, and an empty database for each.

The embedded server by default; the one of NXFORGE_TEST_DATABASE_URL where that is set
(its login must be able to create databases and roles).
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from nxforge_core.database import EmbeddedServer, ServerAddress, quote_identifier

__all__ = ["database", "server"]

_ROLES_OF = """
SELECT r.rolname FROM pg_roles AS r JOIN pg_shdescription AS d ON d.objoid = r.oid
WHERE d.description = 'NxForge, database ' || $1
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerAddress]:
    """A running server, shared by the whole run: make nothing in it but databases."""
    if url := os.environ.get("NXFORGE_TEST_DATABASE_URL"):
        yield ServerAddress.parse(url)
        return
    embedded = EmbeddedServer(tmp_path_factory.mktemp("postgresql"))
    with asyncio.Runner() as runner:
        address = runner.run(embedded.start())
        try:
            yield address
        finally:
            runner.run(embedded.stop())


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
