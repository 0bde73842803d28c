"""The pool: types, transactions, sessions that never leak, outages with a name."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

import asyncpg
import msgspec
import pytest

from nxforge_core.database import (
    DatabaseTimeoutError,
    DatabaseUnavailableError,
    NaiveDatetimeError,
    Pool,
    PoolExhaustedError,
    RowShapeError,
    ServerAddress,
    UnstorableValueError,
)


class Kind(Enum):
    """Of a meter."""

    RACK = "rack"


class Reading(msgspec.Struct, frozen=True, rename="camel"):
    """A row with camelCase JSON names."""

    energy_kwh: Decimal
    taken_at: datetime
    kind: Kind = Kind.RACK
    labels: tuple[str, ...] = ()


async def test_values_keep_their_types(pool: Pool) -> None:
    """`numeric` is Decimal, `timestamptz` is aware, `jsonb` is data with Decimals."""
    now = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    row = await pool.fetchrow(
        "SELECT $1::numeric AS n, $2::timestamptz AS t, $3::jsonb AS b, $4::json AS j",
        Decimal("1.10"),
        now,
        {"kWh": Decimal("12.340")},
        [1, None, "x"],
    )
    assert row is not None
    assert dict(row) == {
        "n": Decimal("1.10"),
        "t": now,
        "b": {"kWh": Decimal("12.340")},
        "j": [1, None, "x"],
    }
    assert str(row["b"]["kWh"]) == "12.340"


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("SELECT $1::bigint", 2**63),
        ("SELECT $1::text", "secret-\ud800"),
        ("SELECT $1::text", "secret-\0"),
        ("SELECT ($1::jsonb)->>'a'", {"a": "secret-\0"}),
        ("SELECT $1::numeric(4, 2)", Decimal("123456.5")),
    ],
)
async def test_value_that_no_column_holds_is_an_error_of_the_caller(
    pool: Pool, sql: str, value: object
) -> None:
    """It is a usage error that does not show the value, and the session goes on."""
    with pytest.raises(UnstorableValueError) as caught:
        await pool.fetchval(sql, value)
    assert (caught.value.status, caught.value.exit_code) == (400, 2)
    assert "secret" not in str(caught.value)
    assert await pool.fetchval("SELECT 1") == 1


async def test_argument_of_a_wrong_type_stays_an_error_of_the_code(pool: Pool) -> None:
    """Text for a number is a bug, which must not look like a caller's mistake."""
    with pytest.raises(asyncpg.DataError):
        await pool.fetchval("SELECT $1::bigint", "five")


async def test_structs_match_columns_to_python_field_names(pool: Pool) -> None:
    """Columns are snake_case whatever the struct's JSON names are."""
    rows = await pool.structs(
        Reading,
        "SELECT 1.5 AS energy_kwh, now() AS taken_at, 'rack' AS kind, "
        "ARRAY['a', 'b'] AS labels",
    )
    assert rows[0].energy_kwh == Decimal("1.5")
    assert rows[0].kind is Kind.RACK
    assert rows[0].labels == ("a", "b")


async def test_structs_name_columns_that_do_not_fit(pool: Pool) -> None:
    """A missing and an unknown column are both named."""
    with pytest.raises(RowShapeError) as refused:
        await pool.structs(Reading, "SELECT 1 AS energy_kwh, 2 AS other")
    assert refused.value.missing == ("taken_at",)
    assert refused.value.unknown == ("other",)


async def test_naive_datetime_is_refused_with_its_position(pool: Pool) -> None:
    """PostgreSQL would take it as local time: neither alone nor in a list."""
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the subject of the test
    with pytest.raises(NaiveDatetimeError, match=r"\$2") as refused:
        await pool.execute("SELECT $1::int, $2::timestamptz", 1, naive)
    assert refused.value.position == 2
    with pytest.raises(ValueError, match=r"\$1"):
        await pool.execute("SELECT $1::timestamptz[]", [datetime.now(UTC), naive])
    with pytest.raises(NaiveDatetimeError):
        await pool.executemany("SELECT $1::timestamptz", [(naive,)])


async def test_transaction_commits_and_rolls_back(pool: Pool) -> None:
    """An error inside the block leaves nothing; success leaves all."""
    await pool.execute("CREATE TABLE t (x int)")
    with pytest.raises(ZeroDivisionError):
        await _insert_and_fail(pool)
    async with pool.transaction() as connection:
        await connection.executemany("INSERT INTO t VALUES ($1)", [(2,), (3,)])
    assert [row["x"] for row in await pool.fetch("SELECT x FROM t ORDER BY x")] == [
        2,
        3,
    ]


async def test_session_settings_do_not_reach_the_next_caller(
    database: ServerAddress,
) -> None:
    """SET, set_config, a session lock and LISTEN end when the connection returns."""
    pool = Pool(database, search_path="public", size=1)
    other = Pool(database, search_path="public", size=1)
    await pool.execute("SET search_path = pg_catalog")
    assert await pool.fetchval("SHOW search_path") == "public"
    await pool.fetchval("SELECT set_config('statement_timeout', '1234', false)")
    assert await pool.fetchval("SHOW statement_timeout") == "15s"
    await pool.fetchval("SELECT pg_advisory_lock(1)")
    assert await other.fetchval("SELECT pg_try_advisory_lock(1)") is True
    await pool.execute("LISTEN something")
    assert await pool.fetchval("SELECT count(*) FROM pg_listening_channels()") == 0
    await pool.close()
    await other.close()


async def test_server_itself_ends_what_goes_on_for_too_long(
    database: ServerAddress,
) -> None:
    """A little after the client gave up, and where a transaction was left open."""
    pool = Pool(database, search_path="public", command_timeout=2)

    async with pool.transaction() as connection:
        assert await connection.fetchval("SHOW statement_timeout") == "7s"
        rest = await connection.fetchval("SHOW idle_in_transaction_session_timeout")

    assert rest == "1min"
    await pool.close()


async def test_plain_query_returns_its_connection_without_reset(
    database: ServerAddress,
) -> None:
    """The reset's round trip is spared where nothing can have been changed."""
    pool = Pool(database, search_path="public", size=1)
    await pool.fetchval("SELECT 1")
    await pool.fetchval("SELECT 2")
    last = (
        "SELECT query FROM pg_stat_activity WHERE pid = "
        "(SELECT pid FROM pg_stat_activity WHERE application_name = 'nxforge')"
    )
    watcher = await asyncpg.connect(**database.asyncpg_arguments())
    assert await watcher.fetchval(last) == "SELECT 2"
    await pool.execute("SET work_mem = '1MB'")
    assert "RESET ALL" in await watcher.fetchval(last)
    await watcher.close()
    await pool.close()


async def test_pool_opens_at_first_use_and_stays_within_its_size(
    database: ServerAddress,
) -> None:
    """No connection before the first statement, and never more than `size`."""
    pool = Pool(database, search_path="public", size=2, application_name="sized")
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sized'"
    watcher = await asyncpg.connect(**database.asyncpg_arguments())
    assert await watcher.fetchval(count) == 0
    await asyncio.gather(*(pool.fetchval("SELECT pg_sleep(0.02)") for _ in range(8)))
    assert await watcher.fetchval(count) == 2
    await watcher.close()
    await pool.close()


async def test_dead_resting_connection_is_replaced_unseen(
    database: ServerAddress, pool: Pool
) -> None:
    """A connection that died at rest costs no caller an error, even unnoticed yet."""
    own = await pool.fetchval("SELECT pg_backend_pid()")
    watcher = await asyncpg.connect(**database.asyncpg_arguments())
    assert await watcher.fetchval("SELECT pg_terminate_backend($1)", own)
    # The farewell is in the socket, and the event loop has not been there yet.
    deadline = time.perf_counter() + 0.2
    while time.perf_counter() < deadline:
        pass
    assert await pool.fetchval("SELECT pg_backend_pid()") != own
    await watcher.close()


async def test_connection_lost_in_a_statement_is_an_outage(
    database: ServerAddress, pool: Pool
) -> None:
    """The statement is not sent again: its outcome is unknown, and said so."""
    await pool.execute("CREATE TABLE t (x int)")
    watcher = await asyncpg.connect(**database.asyncpg_arguments())
    with pytest.raises(DatabaseUnavailableError) as lost:
        await _insert_and_lose(pool, watcher)
    assert lost.value.status == 503
    assert await pool.fetchval("SELECT count(*) FROM t") == 0
    await watcher.close()


async def test_wrong_sql_stays_postgresqls_error(pool: Pool) -> None:
    """An outage and a mistake are told apart."""
    with pytest.raises(asyncpg.UndefinedTableError):
        await pool.fetch("SELECT * FROM nothing_of_that_name")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"host": "/nowhere"}, "nothing listens there"),
        ({"host": "127.0.0.1", "port": 1}, "nothing listens there"),
        ({"password": "wrong"}, "password authentication failed"),
    ],
)
async def test_unreachable_server_is_unavailable_with_reason(
    database: ServerAddress, change: dict[str, object], reason: str
) -> None:
    """Each call says where it tried to connect and why that failed, never how."""
    address = msgspec.structs.replace(database, **change)
    pool = Pool(address, search_path="public")
    with pytest.raises(DatabaseUnavailableError) as lost:
        await pool.fetchval("SELECT 1")
    assert reason in lost.value.message
    assert database.password not in lost.value.message or not database.password
    await pool.close()


async def test_slow_statement_ends_at_its_deadline(database: ServerAddress) -> None:
    """No statement waits longer than the pool's time, and the pool works on."""
    pool = Pool(database, search_path="public", size=1, command_timeout=0.2)
    with pytest.raises(DatabaseTimeoutError, match=r"0\.2 s"):
        await pool.fetchval("SELECT pg_sleep(5)")
    assert await pool.fetchval("SELECT 1") == 1
    await pool.close()


async def test_close_is_bounded_while_a_statement_runs(
    database: ServerAddress,
) -> None:
    """A statement that does not end is cut, and the pool says that it is closed."""
    pool = Pool(database, search_path="public")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(_outcome(pool, "SELECT pg_sleep(5)"))
        await asyncio.sleep(0.05)
        begun = time.perf_counter()
        await pool.close(seconds=0.1)
        assert time.perf_counter() - begun < 1
    assert isinstance(running.result(), DatabaseUnavailableError)
    with pytest.raises(DatabaseUnavailableError, match="closed"):
        await pool.fetchval("SELECT 1")


async def _insert_and_fail(pool: Pool) -> None:
    async with pool.transaction() as connection:
        await connection.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError


async def _insert_and_lose(pool: Pool, watcher: asyncpg.Connection) -> None:
    async with pool.transaction() as connection:
        own = await connection.fetchval("SELECT pg_backend_pid()")
        await connection.execute("INSERT INTO t VALUES (1)")
        await watcher.fetchval("SELECT pg_terminate_backend($1)", own)
        await asyncio.sleep(0.05)
        await connection.execute("INSERT INTO t VALUES (2)")


async def _outcome(pool: Pool, sql: str) -> object:
    try:
        return await pool.fetchval(sql)
    except Exception as error:  # noqa: BLE001 - the outcome is the subject
        return error


@pytest.mark.parametrize("delay", [0.0, 0.0005, 0.001, 0.002, 0.004])
async def test_cancelled_transaction_leaves_nothing_open(
    database: ServerAddress, caplog: pytest.LogCaptureFixture, delay: float
) -> None:
    """Whenever a transaction is cancelled, its connection goes back clean or is cut."""
    pool = Pool(database, search_path="public", size=1)
    await pool.fetchval("select 1")

    async def work() -> None:
        while True:
            async with pool.transaction() as connection:
                await connection.fetchval("select 1")

    for _ in range(20):
        task = asyncio.get_running_loop().create_task(work())
        await asyncio.sleep(delay)
        task.cancel()
        await asyncio.wait({task})

        assert task.cancelled()
        assert await pool.fetchval("select 1") == 1
    await pool.close()
    assert caplog.records == []


async def test_pool_whose_connections_are_kept_says_so(database: ServerAddress) -> None:
    """Who keeps connections is told of that, not of a database that is away."""
    pool = Pool(database, search_path="public", size=2)
    pool.hurry()
    kept = [pool.transaction() for _ in range(2)]
    for each in kept:
        await each.__aenter__()

    with pytest.raises(PoolExhaustedError, match="all 2 connections of its pool"):
        await pool.fetchval("select 1")
    assert pool.exhausted is not None
    for each in kept:
        await each.__aexit__(None, None, None)

    assert await pool.fetchval("select 1") == 1
    assert pool.exhausted is None
    await pool.close()


async def test_pool_whose_statements_are_slow_blames_nobody(
    database: ServerAddress,
) -> None:
    """Where every connection waits for an answer, none of them is kept."""
    pool = Pool(database, search_path="public", size=1)
    pool.hurry()
    async with asyncio.TaskGroup() as group:
        group.create_task(pool.execute("select pg_sleep(1.8)"))
        await asyncio.sleep(0.05)
        with pytest.raises(DatabaseTimeoutError, match="free connection"):
            await pool.fetchval("select 1")
    await pool.close()
