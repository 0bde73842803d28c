"""The plugin's tables: made, unmade, and never refusing a reading."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from nxforge_consumption_monitor.rollup import RollupState
from nxforge_consumption_monitor.signs import Signs
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


_OLD_STATE = """
with fresh as (
    insert into endpoint (id, name, url, interval_s, phase_s, tz)
    values (gen_random_uuid(), 'a', 'http://a.test', 300, 0, 'Europe/Bucharest')
    returning id
), remembered as (
    insert into channel_state (endpoint_id, channel, rollup_state, signs)
    select id, 'total', $1::text::jsonb, $2::text::jsonb from fresh
)
insert into rollup (
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, readings, expected,
    coverage, closed
)
select id, 'total', g.grain, g.start_ts, g.end_ts, 'Europe/Bucharest', 1, 1, 12, 1, c
from fresh, (values
    ('hour', timestamptz '2025-03-10T11:00Z', timestamptz '2025-03-10T12:00Z', true),
    ('hour', timestamptz '2025-03-10T12:00Z', timestamptz '2025-03-10T13:00Z', false),
    ('day', timestamptz '2025-03-09T22:00Z', timestamptz '2025-03-10T22:00Z', false)
) g (grain, start_ts, end_ts, c)
"""
_OLD_BUCKET = {
    "start_kwh": "41.5",
    "start_quality": "measured",
    "known_us": 600_000_000,
    "covered_us": 600_000_000,
    "sample_kw": "2",
    "min_kw": "1",
    "readings": 3,
}
_OLD_ROLLUP = {
    "ts": "2025-03-10T12:10:00Z",
    "total_kwh": "42",
    "quality": "measured",
    "power_kw": "2",
    "by_power": False,
    "buckets": [
        {"grain": grain, "start": f"2025-03-{start}Z", "end": f"2025-03-{end}Z"}
        | _OLD_BUCKET
        for grain, start, end in (
            ("hour", "10T12:00:00", "10T13:00:00"),
            ("day", "09T22:00:00", "10T22:00:00"),
            ("month", "09T22:00:00", "31T21:00:00"),
        )
    ],
    "quarter": {
        "end": "2025-03-10T12:15:00Z",
        "since": "2025-03-10T12:00:00Z",
        "kwh": "41.5",
        "covered_us": 600_000_000,
    },
}
_OLD_SIGNS = {
    "seen_at": "2025-03-10T12:10:00Z",
    "drew_at": "2025-03-10T12:05:00Z",
    "register_kwh": "42",
    "same_polls": 2,
    "so_far": {
        "began_at": "2025-03-10T12:00:00Z",
        "grown_kwh": "0.5",
        "samples": 3,
        "sum_kw": "4",
    },
}
_OPEN = """
select grain, start_ts, energy_kwh, avg_kw, peak_kw_sample, readings, coverage, closed
from rollup order by grain desc, start_ts
"""


async def test_open_buckets_move_into_the_state_and_back(
    database: ServerAddress, migrations: Path, pool: Pool
) -> None:
    """What was polled last stays known; read by name again, states are whole."""
    await _roll_back_to(database, migrations, 16)
    old = json.dumps(_OLD_ROLLUP), json.dumps(_OLD_SIGNS)
    await pool.execute(_OLD_STATE, *old)
    await migrate(database, SCHEMA, PLUGIN, migrations)
    row = await pool.fetchrow("select rollup_state, signs from channel_state")
    assert row is not None
    state = msgspec.convert(row["rollup_state"], RollupState)
    signs = msgspec.convert(row["signs"], Signs)
    assert (state.tz, state.interval_us) == ("Europe/Bucharest", 300_000_000)
    assert (signs.same_polls, signs.still_kwh, signs.hour) == (2, 0, None)
    assert signs.so_far is not None
    assert signs.so_far.grown_kwh == Decimal("0.5")
    rows = [tuple(row) for row in await pool.fetch(_OPEN)]
    month, eleven, twelve, day = rows
    assert (month[0], day[0], eleven[-1]) == ("month", "day", True)
    half = (Decimal("0.5"), 3, 2, 3)
    assert twelve[2:] == (*half, Decimal("0.166667"), False)
    assert day[2:] == (*half, Decimal("0.006944"), False)
    await _roll_back_to(database, migrations, 16)
    row = await pool.fetchrow("select rollup_state, signs from channel_state")
    assert row is not None
    assert _without_nothing(row["rollup_state"]) == _OLD_ROLLUP
    assert _OLD_SIGNS.items() <= row["signs"].items()
    assert [tuple(row) for row in await pool.fetch(_OPEN)] == rows


def _without_nothing(state: Any) -> Any:
    """As it was written by name: what is as usual was left out."""
    usual = {"estimated_kwh": "0", "peak_kw": None, "peak_at": None, "events": 0}
    buckets = [
        {name: value for name, value in bucket.items() if name not in usual}
        for bucket in state["buckets"]
    ]
    return state | {"buckets": buckets}


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
