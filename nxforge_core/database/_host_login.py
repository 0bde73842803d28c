"""The host's own login on an embedded server: not the one that owns the server.

The login of `initdb` is a superuser, which no privilege holds. It makes this one, hands
over what is in the database from before there was one, and is not used again.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import asyncpg

from ._address import ServerAddress, quote_identifier
from ._queries import SQL, run_statements
from ._scram import scram_verifier
from ._server import connect_once

__all__ = ["HOST_ROLE", "make_host_login"]

HOST_ROLE: Final = "nxforge_host"
#: Seconds for each statement: a database is copied in one, tables change hands in one.
_SECONDS: Final = 60.0


async def make_host_login(server: ServerAddress, host: ServerAddress) -> None:
    """Make the database, and in one transaction the login that owns everything in it.

    Done again it changes nothing; a kill in between leaves what the next call makes
    whole.

    Args:
        server: The server's own login.
        host: The host's, with its password; its database is the one to make.
    """
    await _make_database(server, host.database)
    own = server.with_database(host.database)
    async with (
        connect_once(own, seconds=_SECONDS) as connection,
        connection.transaction(),
    ):
        await connection.execute(SQL.host_login_lock)
        verifier = scram_verifier(host.password)
        await run_statements(connection, SQL.host_login_statements, host.user, verifier)
        await run_statements(connection, SQL.hand_over_statements, host.user)
        for (schema,) in await connection.fetch(SQL.handed_schemas):
            await run_statements(
                connection, SQL.hand_on_statements, schema, server.user
            )


async def _make_database(server: ServerAddress, name: str) -> None:
    base = server.with_database("postgres")
    async with connect_once(base, seconds=_SECONDS) as connection:
        with suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            await connection.execute(f"CREATE DATABASE {quote_identifier(name)}")
