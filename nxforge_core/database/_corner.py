"""A schema and a login of its own for each plugin, proved by one login.

What it protects against is a plugin's mistake: code in the host's process can read the
host's memory, this password included.
"""

from __future__ import annotations

import secrets
from binascii import crc32
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from nxforge_core.api import parse_plugin_id
from nxforge_core.api.ports import Connection, Database

from ._address import ServerAddress, quote_identifier
from ._errors import CornerError, DatabaseUnavailableError
from ._outage import outage_passes, outage_reason
from ._queries import SQL, run_statements
from ._scram import scram_verifier
from ._server import connect_once

__all__ = ["Corner", "making_login", "prepare_corner", "role_names", "schema_name"]


class Corner(msgspec.Struct, frozen=True, kw_only=True):
    """Where a plugin's tables are and how to get there.

    Attributes:
        schema: `nxp_<plugin id with underscores>`.
        address: With the plugin's own login, or the host's where isolated is False.
        isolated: The server itself keeps other plugins out.
        notice: Where it does not: why, and the line to add.
        password: Of the plugin's login, to be stored encrypted; None without one.
    """

    schema: str
    address: ServerAddress
    isolated: bool
    notice: str | None
    password: str | None

    def __repr__(self) -> str:
        return f"Corner({self.schema!r}, {self.address!r}, isolated={self.isolated})"


def schema_name(plugin_id: str) -> str:
    """Answer the schema of a plugin.

    Raises:
        InvalidInputError: that is no plugin id.
    """
    return f"nxp_{parse_plugin_id(plugin_id).replace('-', '_')}"


async def prepare_corner(
    host: Database,
    address: ServerAddress,
    plugin_id: str,
    stored_password: str | None,
) -> Corner:
    """Make sure that a plugin has its schema and, where possible, its login.

    With a stored password that still works this is one login and one query.

    Args:
        host: The host's own login.
        address: The same login, as an address.
        plugin_id: Checked here once more, because it names the schema.
        stored_password: From an earlier call, decrypted.

    Raises:
        CornerError: the host's login may not even create a schema.
        DatabaseUnavailableError: the server does not answer.
    """
    schema = schema_name(plugin_id)
    if stored_password is not None:
        for role in role_names(schema, address.database):
            known = address.with_role(role, stored_password)
            if await _refusal(known, schema) is None:
                return _isolated(schema, known, stored_password)
    password = secrets.token_urlsafe(32)
    async with host.transaction() as connection:
        await connection.execute(SQL.corner_lock, schema)
        facts = await connection.fetchrow(SQL.corner_facts, schema) or {}
        await _make_schema(connection, plugin_id, schema, facts)
        if not facts["can_create_roles"]:
            return _shared(schema, address, _no_createrole(address))
        role = await _make_role(connection, plugin_id, facts, password)
        await _close_public(connection, facts)
    own = address.with_role(role, password)
    if (refusal := await _refusal(own, schema)) is None:
        return _isolated(schema, own, password)
    return _shared(schema, address, _no_entry(own, facts["database"], refusal))


@asynccontextmanager
async def making_login(address: ServerAddress, plugin_id: str) -> AsyncIterator[None]:
    """Let one host at a time give a plugin its first login and remember the password.

    Two that start together would each set a password, and one of them log in with
    what is no longer it. The lock is of a connection of its own, which the server ends
    with the process.

    Args:
        address: The host's own login.
        plugin_id: Whose login.
    """
    async with connect_once(address) as connection:
        await connection.execute(SQL.login_lock, schema_name(plugin_id))
        yield


async def _make_role(
    connection: Connection, plugin_id: str, facts: Mapping[str, Any], password: str
) -> str:
    schema = schema_name(plugin_id)
    names = role_names(schema, facts["database"])
    claims = await connection.fetch(SQL.role_claims, names)
    taken = {claim["role"]: claim["ours"] for claim in claims}
    # Roles belong to the whole server: another NxForge in another database may have
    # this one, and its password must not be changed under its feet.
    role = next((name for name in names if taken.get(name, True)), None)
    if role is None:
        raise CornerError(
            plugin_id,
            schema,
            f"the roles {' and '.join(names)} belong to something else",
            remedy="rename or drop them",
        )
    verifier = scram_verifier(password)
    made = (role, schema, role in taken, verifier)
    await run_statements(connection, SQL.corner_statements, *made)
    # What the host's login made in the schema while the plugin had no login.
    await run_statements(connection, SQL.hand_on_statements, schema, None)
    return role


async def _make_schema(
    connection: Connection, plugin_id: str, schema: str, facts: Mapping[str, Any]
) -> None:
    if facts["schema_exists"]:
        return
    if not facts["can_create_schemas"]:
        raise CornerError(
            plugin_id,
            schema,
            "the host's login may not create schemas",
            remedy=f"GRANT CREATE ON DATABASE {quote_identifier(facts['database'])} "
            "TO the login of NXFORGE_DATABASE_URL",
        )
    await connection.execute(f"CREATE SCHEMA {quote_identifier(schema)}")


async def _close_public(connection: Connection, facts: Mapping[str, Any]) -> None:
    # Closed by default since PostgreSQL 15, but not in a server upgraded to it.
    if facts["public_is_open"] and facts["may_close_public"]:
        await connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


async def _refusal(address: ServerAddress, schema: str) -> str | None:
    """Log in once; None where it works and the schema is ready."""
    try:
        async with connect_once(address) as connection:
            ready = await connection.fetchval(SQL.owns_schema, schema)
            return None if ready else f"schema {schema} belongs to another login"
    except Exception as error:
        refused = outage_reason(error, connecting=True)
        if refused is None:
            raise
        if isinstance(error, OSError) or outage_passes(error):
            raise DatabaseUnavailableError(address.display(), refused) from error
        return refused


def role_names(schema: str, database: str) -> list[str]:
    """Names that its login may have: the second where others own the first."""
    return [schema, f"{schema}_{crc32(database.encode()):08x}"]


def _isolated(schema: str, address: ServerAddress, password: str) -> Corner:
    return Corner(
        schema=schema, address=address, isolated=True, notice=None, password=password
    )


def _shared(schema: str, address: ServerAddress, notice: str) -> Corner:
    return Corner(
        schema=schema, address=address, isolated=False, notice=notice, password=None
    )


def _no_createrole(address: ServerAddress) -> str:
    login = quote_identifier(address.user) if address.user else "the host's login"
    return (
        "plugins are separated by schema only, because the host's login may not create "
        f"roles; run as a superuser: ALTER ROLE {login} CREATEROLE"
    )


def _no_entry(address: ServerAddress, database: str, refusal: str) -> str:
    where = "local" if address.host.startswith("/") else "host"
    origin = "" if where == "local" else "  samehost"
    return (
        "plugins are separated by schema only, because the server does not let the "
        f"login {address.user!r} in ({refusal}); add this line to the top of its "
        f"pg_hba.conf and reload it: {where}  {database}  {address.user}{origin}  "
        "scram-sha-256"
    )
