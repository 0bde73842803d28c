"""Is there a usable PostgreSQL at an address?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
import msgspec

from ._address import ServerAddress
from ._errors import (
    DatabaseTooOldError,
    DatabaseUnreachableError,
    TransactionPoolingError,
)
from ._outage import outage_passes, outage_reason
from ._queries import SQL

__all__ = [
    "OLDEST_VERSION",
    "ONCE_SECONDS",
    "ServerInfo",
    "check_server",
    "connect_once",
]

OLDEST_VERSION: Final = 15
#: Seconds for a single connection, and for each statement on it.
ONCE_SECONDS: Final = 5.0


class ServerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What the server is.

    Attributes:
        version: As `server_version_num`, 150018 for 15.18.
        timescaledb: The extension is installed in this database.
        can_create_roles: The login may make one login role per plugin.
    """

    version: int
    version_text: str
    timescaledb: bool
    can_create_roles: bool


@asynccontextmanager
async def connect_once(
    address: ServerAddress, *, seconds: float = ONCE_SECONDS
) -> AsyncIterator[asyncpg.Connection]:
    """Open one connection for a moment, bounded in time.

    Args:
        address: The database and the login.
        seconds: To connect, and again for each statement.
    """
    connection = await asyncpg.connect(
        **address.asyncpg_arguments(), timeout=seconds, command_timeout=seconds
    )
    try:
        yield connection
    finally:
        # Not close(): it waits for the server's goodbye, for ever if it is frozen.
        connection.terminate()


async def check_server(address: ServerAddress) -> ServerInfo:
    """Connect and look at the server, and at what may stand before it.

    Raises:
        DatabaseUnreachableError: nothing there, or it does not let us in.
        DatabaseTooOldError: PostgreSQL before 15.
        TransactionPoolingError: a pooler that keeps no session for us.
    """
    try:
        async with connect_once(address) as connection:
            row = await connection.fetchrow(SQL.server_info)
            # A pooler tells clients a process number of its own making.
            if row and row["backend"] != connection.get_server_pid():
                await _check_sessions(address, connection)
    except TransactionPoolingError:
        raise
    except Exception as error:
        reason = outage_reason(error, connecting=True)
        if reason is None:
            raise
        raise DatabaseUnreachableError(
            address.display(), reason, passing=outage_passes(error)
        ) from error
    info = msgspec.convert(dict(row or {}), ServerInfo)
    if info.version < OLDEST_VERSION * 10_000:
        raise DatabaseTooOldError(address.display(), info.version_text, OLDEST_VERSION)
    return info


async def _check_sessions(address: ServerAddress, first: asyncpg.Connection) -> None:
    """Two connections at once have a server process each, or they share sessions."""
    try:
        async with connect_once(address) as second:
            seen = await second.fetchval(SQL.backend)
            own = await first.fetchval(SQL.backend)
    except (
        asyncpg.DuplicatePreparedStatementError,
        asyncpg.InvalidSQLStatementNameError,
    ) as error:
        # The statement that one connection prepared was the other's.
        raise TransactionPoolingError(address.display()) from error
    if seen == own:
        raise TransactionPoolingError(address.display())
