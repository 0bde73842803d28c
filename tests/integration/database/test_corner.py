"""A schema and a login per plugin: closed to the others, or said to be open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from nxforge_core.api.errors import InvalidInputError
from nxforge_core.database import (
    Corner,
    CornerError,
    Pool,
    ServerAddress,
    drop_reader,
    make_reader,
    open_reading,
    prepare_corner,
    quote_identifier,
)

_TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE usename = 'nxp_meter_a'"
)

_MADE = (
    "CREATE TABLE nxp_meter_a.reading (id bigserial, value numeric)",
    "CREATE VIEW nxp_meter_a.latest AS SELECT max(id) AS id FROM nxp_meter_a.reading",
    "CREATE SEQUENCE nxp_meter_a.loose",
    "CREATE FUNCTION nxp_meter_a.one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TYPE nxp_meter_a.kind AS ENUM ('kwh')",
    "CREATE DOMAIN nxp_meter_a.share AS numeric CHECK (value <= 1)",
    "CREATE TYPE nxp_meter_a.span AS RANGE (subtype = numeric)",
    "CREATE TYPE nxp_meter_a.pair AS (low numeric, high numeric)",
)
_FOREIGN = """
SELECT count(*) FROM (
    SELECT relnamespace AS space, relowner AS owner FROM pg_class
    UNION ALL SELECT pronamespace, proowner FROM pg_proc
    UNION ALL SELECT typnamespace, typowner FROM pg_type
) AS each
JOIN pg_namespace AS n ON n.oid = each.space
WHERE n.nspname = $1 AND each.owner <> n.nspowner
"""


async def _connect(corner: Corner) -> asyncpg.Connection:
    return await asyncpg.connect(**corner.address.asyncpg_arguments())


@pytest.fixture
async def limited(database: ServerAddress) -> AsyncIterator[ServerAddress]:
    """A host login without any right on the server, dropped with the test."""
    name = f"limited_{database.database}"
    connection = await asyncpg.connect(**database.asyncpg_arguments())
    await connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'limited'")
    yield database.with_role(name, "limited")
    await connection.execute(f"DROP OWNED BY {name} CASCADE")
    for row in await connection.fetch(
        "SELECT r.rolname FROM pg_roles AS r WHERE r.rolname LIKE 'nxp\\_%' AND "
        "pg_has_role($1, r.oid, 'MEMBER')",
        name,
    ):
        role = quote_identifier(row["rolname"])
        await connection.execute(f"DROP OWNED BY {role} CASCADE")
        await connection.execute(f"DROP ROLE {role}")
    await connection.execute(f"DROP ROLE {name}")
    await connection.close()


async def test_corner_is_a_schema_owned_by_its_own_login(
    pool: Pool, database: ServerAddress
) -> None:
    """Plain table names land in the plugin's schema, under the plugin's role."""
    corner = await prepare_corner(pool, database, "meter-a", None)
    assert (corner.schema, corner.isolated, corner.notice) == (
        "nxp_meter_a",
        True,
        None,
    )
    assert corner.address.user == "nxp_meter_a"
    own = await _connect(corner)
    await own.execute("CREATE TABLE secret AS SELECT 1 AS x")
    owner = await own.fetchval(
        "SELECT schemaname || '.' || tableowner FROM pg_tables "
        "WHERE tablename = 'secret'"
    )
    assert owner == "nxp_meter_a.nxp_meter_a"
    assert await own.fetchval("SHOW statement_timeout") == "1min"
    assert await own.fetchval("SHOW idle_in_transaction_session_timeout") == "1min"
    await own.close()


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM nxp_meter_a.secret",
        "DROP SCHEMA nxp_meter_a CASCADE",
        "CREATE TABLE nxp_meter_a.planted (x int)",
        "CREATE TABLE public.planted (x int)",
        "CREATE SCHEMA planted",
        "SET ROLE nxp_meter_a",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SELECT count(*) FROM pg_authid",
        "ALTER ROLE nxp_meter_a PASSWORD 'x'",
        "CREATE ROLE planted",
        _TERMINATE,
    ],
)
async def test_plugin_cannot_reach_another_plugins_corner(
    pool: Pool, database: ServerAddress, attack: str
) -> None:
    """The server itself refuses what one plugin tries on another or on the host."""
    first = await prepare_corner(pool, database, "meter-a", None)
    second = await prepare_corner(pool, database, "meter-b", None)
    victim, attacker = await _connect(first), await _connect(second)
    await victim.execute("CREATE TABLE secret AS SELECT 1 AS x")
    with pytest.raises(
        (asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)
    ) as refused:
        await attacker.execute(attack)
    assert isinstance(refused.value, asyncpg.InsufficientPrivilegeError)
    assert await victim.fetchval("SELECT x FROM secret") == 1
    await victim.close()
    await attacker.close()


async def test_stored_password_is_used_again(
    pool: Pool, database: ServerAddress
) -> None:
    """The second start changes nothing on the server: one login proves it."""
    first = await prepare_corner(pool, database, "meter-a", None)
    verifier = "SELECT rolpassword FROM pg_authid WHERE rolname = 'nxp_meter_a'"
    before = await pool.fetchval(verifier)
    assert before.startswith("SCRAM-SHA-256$")
    again = await prepare_corner(pool, database, "meter-a", first.password)
    assert again == first
    assert await pool.fetchval(verifier) == before


async def test_lost_password_is_replaced(pool: Pool, database: ServerAddress) -> None:
    """A password that no longer works is made anew, and the tables stay."""
    first = await prepare_corner(pool, database, "meter-a", None)
    own = await _connect(first)
    await own.execute("CREATE TABLE kept AS SELECT 1 AS x")
    await own.close()
    again = await prepare_corner(pool, database, "meter-a", "not the password")
    assert again.isolated
    assert again.password != first.password
    own = await _connect(again)
    assert await own.fetchval("SELECT x FROM kept") == 1
    await own.close()


async def test_what_the_host_made_meanwhile_is_handed_over(
    pool: Pool, database: ServerAddress
) -> None:
    """A plugin that had no login owns what was made for it, of whatever kind."""
    await prepare_corner(pool, database, "meter-a", None)
    for made in _MADE:
        await pool.execute(made)

    await prepare_corner(pool, database, "meter-a", None)

    assert await pool.fetchval(_FOREIGN, "nxp_meter_a") == 0


async def test_password_appears_nowhere(pool: Pool, database: ServerAddress) -> None:
    """Neither the corner's text nor the server's activity shows the password."""
    corner = await prepare_corner(pool, database, "meter-a", None)
    assert corner.password
    assert corner.password not in repr(corner)
    seen = await pool.fetchval("SELECT string_agg(query, ' ') FROM pg_stat_activity")
    assert corner.password not in seen


async def test_second_database_gets_a_role_of_its_own(
    pool: Pool, database: ServerAddress, server: ServerAddress
) -> None:
    """Two hosts on one server do not change each other's passwords."""
    first = await prepare_corner(pool, database, "meter-a", None)
    name = f"{database.database}_b"
    await pool.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    other_address = server.with_database(name)
    other = Pool(other_address, search_path="public")
    try:
        second = await prepare_corner(other, other_address, "meter-a", None)
        assert second.isolated
        assert second.address.user != first.address.user
        assert second.schema == first.schema
        again = await prepare_corner(other, other_address, "meter-a", second.password)
        assert again == second
        still = await prepare_corner(pool, database, "meter-a", first.password)
        assert still.password == first.password
    finally:
        await other.close()
        await pool.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await pool.execute(f"DROP ROLE {quote_identifier(second.address.user)}")


async def test_three_processes_prepare_the_same_corner(
    pool: Pool, database: ServerAddress
) -> None:
    """Starting at the same time is no error, and the last password works."""
    corners = await asyncio.gather(
        *(prepare_corner(pool, database, "meter-a", None) for _ in range(3)),
    )
    assert {corner.schema for corner in corners} == {"nxp_meter_a"}
    final = await prepare_corner(pool, database, "meter-a", None)
    assert final.isolated


async def test_corner_is_shared_and_says_so_without_createrole(
    pool: Pool, database: ServerAddress, limited: ServerAddress
) -> None:
    """Where the login may make no roles, plugins have schemas on the host's login."""
    await pool.execute(
        f"GRANT CREATE ON DATABASE {database.database} TO {limited.user}"
    )
    host = Pool(limited, search_path="public")
    corner = await prepare_corner(host, limited, "meter-a", None)
    assert not corner.isolated
    assert corner.address == limited
    assert corner.password is None
    assert corner.notice is not None
    assert f'ALTER ROLE "{limited.user}" CREATEROLE' in corner.notice
    await host.execute("CREATE TABLE nxp_meter_a.kept AS SELECT 1 AS x")
    await host.close()


async def test_login_with_createrole_makes_isolated_corners(
    pool: Pool, database: ServerAddress, limited: ServerAddress
) -> None:
    """A host login need not be superuser; tables made before go to the plugin."""
    await pool.execute(
        f"GRANT CREATE ON DATABASE {database.database} TO {limited.user}"
    )
    host = Pool(limited, search_path="public")
    shared = await prepare_corner(host, limited, "meter-a", None)
    await host.execute("CREATE TABLE nxp_meter_a.kept (id serial, x int DEFAULT 1)")
    await host.execute("INSERT INTO nxp_meter_a.kept DEFAULT VALUES")
    await pool.execute(f"ALTER ROLE {limited.user} CREATEROLE")
    corner = await prepare_corner(host, limited, "meter-a", shared.password)
    assert corner.isolated, corner.notice
    own = await _connect(corner)
    assert await own.execute("UPDATE kept SET x = 2") == "UPDATE 1"
    await own.close()
    await host.close()


async def test_login_with_createrole_replaces_a_lost_password(
    pool: Pool, database: ServerAddress, limited: ServerAddress
) -> None:
    """And makes readers, whose password it replaces as well, and ends them."""
    await pool.execute(
        f"GRANT CREATE ON DATABASE {database.database} TO {limited.user}"
    )
    await pool.execute(f"ALTER ROLE {limited.user} CREATEROLE")
    host = Pool(limited, search_path="public")
    for _ in range(2):
        corner = await prepare_corner(host, limited, "meter-a", None)
        assert corner.isolated, corner.notice
        own = await _connect(corner)
        await own.execute("CREATE TABLE IF NOT EXISTS kept (x int)")
        await own.close()
        login, password = await make_reader(host, "01234567", "grafana")
        await open_reading(host, "01234567", corner.schema, ["kept"])
        reader = Pool(database.with_role(login, password), search_path=corner.schema)
        assert await reader.fetch("SELECT x FROM kept") == []
        await reader.close()
    await drop_reader(host, "grafana")
    await host.execute("DROP SCHEMA nxp_meter_a CASCADE")
    await host.execute("DROP ROLE nxforge_reader_01234567")
    await host.close()


async def test_missing_right_to_create_schemas_is_named(
    database: ServerAddress, limited: ServerAddress
) -> None:
    """The error holds the statement that mends it, and nothing was made."""
    host = Pool(limited, search_path="public")
    with pytest.raises(CornerError) as refused:
        await prepare_corner(host, limited, "meter-a", None)
    assert f'GRANT CREATE ON DATABASE "{database.database}"' in refused.value.remedy
    await host.close()


async def test_id_that_is_no_plugin_id_is_refused(
    pool: Pool, database: ServerAddress
) -> None:
    """Only checked ids become SQL names."""
    with pytest.raises(InvalidInputError):
        await prepare_corner(pool, database, 'a"; DROP SCHEMA public', None)
