"""The plugin's tables: made, unmade, and never refusing a reading."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nxforge_core.database import Pool, ServerAddress, migrate, rollback

SCHEMA = "nxp_consumption_monitor"
PLUGIN = "consumption-monitor"

_SHAPE = """
select table_name || '.' || column_name || ' ' || data_type
from information_schema.columns
where table_schema = 'nxp_consumption_monitor' and table_name not like '%yoyo%'
  and table_name not like '\\_%'
order by 1
"""
_INSERT = """
insert into reading (endpoint_id, channel, ts, slot, register_kwh, quality)
values (gen_random_uuid(), 'total', $1, $1, 1.5, 'measured')
"""


def _after(migrations: Path, last: int) -> int:
    """How many migrations come after the one of that number."""
    names = [path.name for path in migrations.glob("*.sql")]
    return sum(
        int(name[:3]) > last for name in names if not name.endswith(".rollback.sql")
    )


async def _roll_back_to(address: ServerAddress, migrations: Path, last: int) -> None:
    for _ in range(_after(migrations, last)):
        await rollback(address, SCHEMA, PLUGIN, migrations)


async def test_migrations_leave_the_same_tables_when_rolled_back_and_applied_again(
    database: ServerAddress, migrations: Path, pool: Pool
) -> None:
    """Up, down to nothing, up again: the tables are those of the first time."""
    first = await pool.fetch(_SHAPE)
    await _roll_back_to(database, migrations, 0)
    empty = await pool.fetch(_SHAPE)
    await migrate(database, SCHEMA, PLUGIN, migrations)
    again = await pool.fetch(_SHAPE)
    assert empty == []
    assert again == first
    assert len(first) > 50


async def test_storage_is_partitioned_by_month_when_timescaledb_is_absent(
    pool: Pool,
) -> None:
    """Without the extension the table is partitioned, and this month is prepared."""
    kind = await pool.fetchval(
        "select relkind::text from pg_class where oid = 'reading'::regclass"
    )
    this_month = datetime.now(UTC).strftime("reading_%Y%m")
    assert kind == "p"
    assert await pool.fetchval("select to_regclass($1)::text", this_month) is not None


async def test_rolled_back_storage_keeps_every_reading(
    database: ServerAddress, migrations: Path, pool: Pool
) -> None:
    """One step back from it is a plain table with the same rows."""
    for year in (2001, 2026, 2071):
        await pool.execute(_INSERT, datetime(year, 5, 1, tzinfo=UTC))
    await _roll_back_to(database, migrations, 2)
    kind = await pool.fetchval(
        "select relkind::text from pg_class where oid = 'reading'::regclass"
    )
    assert kind == "r"
    assert await pool.fetchval("select count(*) from reading") == 3


@pytest.mark.parametrize("year", [1999, 2024, 2099])
async def test_reading_of_an_unprepared_month_is_accepted(
    pool: Pool, year: int
) -> None:
    """Whatever month a reading belongs to, it is stored."""
    await pool.execute(_INSERT, datetime(year, 2, 28, 23, 59, tzinfo=UTC))
    assert await pool.fetchval("select count(*) from reading_default") == 1


async def test_prepared_month_takes_over_the_rows_of_the_default_partition(
    pool: Pool,
) -> None:
    """Preparing a month late loses no row, and doing it twice changes nothing."""
    await pool.execute(_INSERT, datetime(2040, 1, 31, 23, 59, 59, tzinfo=UTC))
    await pool.execute(_INSERT, datetime(2040, 2, 1, tzinfo=UTC))
    prepare = "select prepare_reading_months($1, 0)"
    january = datetime(2040, 1, 15, tzinfo=UTC)
    assert await pool.fetchval(prepare, january) == 1
    assert await pool.fetchval(prepare, january) == 0
    assert await pool.fetchval("select count(*) from reading_204001") == 1
    assert await pool.fetchval("select count(*) from reading_default") == 1
    assert await pool.fetchval("select count(*) from reading") == 2


async def test_plugin_needs_no_more_than_its_own_login(
    own_login: ServerAddress, migrations: Path
) -> None:
    """Up, a coming month, down and up again with the role that the host gives it."""
    await migrate(own_login, SCHEMA, PLUGIN, migrations)
    pool = Pool(own_login, search_path=SCHEMA)
    prepare = "select prepare_reading_months($1, 1)"
    assert await pool.fetchval(prepare, datetime(2050, 1, 1, tzinfo=UTC)) == 2
    await pool.close()
    await _roll_back_to(own_login, migrations, 2)
    report = await migrate(own_login, SCHEMA, PLUGIN, migrations)
    assert report.applied[:2] == ("003_decide_storage", "004_lease_endpoints")


_OLD_ENDPOINT = """
with fresh as (
    insert into endpoint (id, name, url, interval_s, phase_s, tz, credential_id)
    values (gen_random_uuid(), 'a', 'http://a.test', 60, 0, 'UTC', $1)
    returning id
)
insert into channel_state (
    endpoint_id, channel, revision, last_slot, register_state, register_kwh, outcome,
    error, failures, auth_failures, retry_at
)
select
    id, 'total', 7, '2026-01-01T00:00Z', '{"v0": "5"}', 5, 'auth', 'refused', 3, 2,
    '2026-01-01T00:15Z'
from fresh
"""
_GUARD = """
select revision, last_slot, outcome, error, failures, auth_failures, retry_at
from
"""


async def test_state_of_endpoints_is_kept_when_it_moves_to_its_own_table(
    database: ServerAddress, migrations: Path, pool: Pool
) -> None:
    """Slots, failures and pauses survive the way there and the way back."""
    await _roll_back_to(database, migrations, 4)
    credential = await pool.fetchval(
        "insert into credential (id, kind, sealed_secret)"
        " values (gen_random_uuid(), 'basic', 'x') returning id::text"
    )
    await pool.execute(_OLD_ENDPOINT, credential)
    old = await pool.fetchrow(_GUARD + "channel_state")
    await migrate(database, SCHEMA, PLUGIN, migrations)
    assert await pool.fetchrow(_GUARD + "endpoint_state") == old
    kept = await pool.fetchrow("select register_state, register_kwh from channel_state")
    assert kept is not None
    assert tuple(kept) == ({"v0": "5"}, 5)
    assert await pool.fetchval("select locked from credential") is True
    await _roll_back_to(database, migrations, 4)
    assert await pool.fetchrow(_GUARD + "channel_state") == old


_PRETEND = """
create schema elsewhere;
create table elsewhere.calls (relation regclass, time_column name, indexes boolean);
grant usage on schema elsewhere to public;
grant insert on elsewhere.calls to public;
create function elsewhere.create_hypertable(
    relation regclass, time_column_name name, create_default_indexes boolean
) returns void language sql
as 'insert into elsewhere.calls values ($1, $2, $3)';
insert into pg_extension (
    oid, extname, extowner, extnamespace, extrelocatable, extversion
)
select 1000001, 'timescaledb', 10, oid, false, '2.26.4'
from pg_namespace where nspname = 'elsewhere'
"""


async def test_storage_is_a_hypertable_where_timescaledb_is_installed(
    database: ServerAddress, migrations: Path
) -> None:
    """The extension's function is called in the schema it lives in, on `reading`."""
    host = Pool(database, search_path="public")
    await host.execute(_PRETEND)
    await _roll_back_to(database, migrations, 2)
    await migrate(database, SCHEMA, PLUGIN, migrations)
    call = await host.fetchrow("select relation::text, * from elsewhere.calls")
    own = Pool(database, search_path=SCHEMA)
    made = await own.fetchval("select prepare_reading_months(now(), 3)")
    await own.close()
    await host.close()

    assert call is not None
    assert call["relation"] == f"{SCHEMA}.reading"
    assert call["time_column"] == "ts"
    assert call["indexes"] is False
    assert made == 0
