"""Logins that can only read, for reports and for whoever embeds figures.

What they may read is what manifests name, through one group for the installation: a
plugin's other tables, the host's own, and every secret stay closed.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Final

import asyncpg

from nxforge_core.api.errors import ConflictError, InvalidInputError
from nxforge_core.api.ports import Connection, Database

from ._queries import SQL, run_statements
from ._scram import scram_verifier

__all__ = ["ReaderError", "drop_reader", "make_reader", "open_reading"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_GROUP: Final = "nxforge_reader_"
_LOGIN: Final = "nxr_"


class ReaderError(ConflictError):
    """A login for reading cannot be made or ended."""

    code = "reader"

    def __init__(self, login: str, what: str, remedy: str) -> None:
        super().__init__(f"the login {login!r} {what}", remedy=remedy)
        self.login = login


async def make_reader(host: Database, instance: str, name: str) -> tuple[str, str]:
    """Make a login, or give it a new password; answers its name and the password.

    Args:
        host: The host's own login.
        instance: What tells this installation from others on the same server.
        name: Small letters, digits and underscores.

    Raises:
        ReaderError: the name is taken, or the host may not make logins.
    """
    login, password = _login(name), secrets.token_urlsafe(32)
    verifier = scram_verifier(password)
    try:
        async with host.transaction() as connection:
            await connection.execute(SQL.reader_lock)
            await _check(connection, login)
            names = (_GROUP + instance[:8], login)
            await run_statements(
                connection, SQL.make_reader_statements, *names, verifier
            )
    except asyncpg.InsufficientPrivilegeError as error:
        what = "cannot be made: the host's own login may not make any"
        remedy = "let an administrator of the server give it CREATEROLE"
        raise ReaderError(login, what, remedy) from error
    return login, password


async def drop_reader(host: Database, name: str) -> None:
    """End a login.

    Raises:
        ReaderError: there is none of this name.
    """
    login = _login(name)
    async with host.transaction() as connection:
        await connection.execute(SQL.reader_lock)
        if not await _check(connection, login):
            raise ReaderError(login, "is not there", "look at 'pg_roles'")
        await connection.execute(await connection.fetchval(SQL.drop_reader, login))


async def open_reading(
    host: Database, instance: str, schema: str, relations: Sequence[str]
) -> None:
    """Let readers see these tables and views of a plugin, and nothing else of it.

    Args:
        host: The host's own login, which may do what the plugin's may.
        instance: What tells this installation from others on the same server.
        schema: The plugin's.
        relations: Their names; one that is not there is left out.
    """
    wanted = (_GROUP + instance[:8], schema, list(relations))
    if not await host.fetch(SQL.open_reading_statements, *wanted):
        return
    async with host.transaction() as connection:
        await connection.execute(SQL.reader_lock)
        await run_statements(connection, SQL.open_reading_statements, *wanted)


async def _check(connection: Connection, login: str) -> bool:
    """Whether the login is there; one that is somebody else's is refused."""
    claims = await connection.fetch(SQL.role_claims, [login])
    if any(not claim["ours"] for claim in claims):
        raise ReaderError(login, "belongs to something else", "choose another name")
    return bool(claims)


def _login(name: str) -> str:
    if not _NAME.match(name):
        remedy = "use small letters, digits and underscores, up to 40"
        raise InvalidInputError(field="name", value=name, remedy=remedy)
    return _LOGIN + name
