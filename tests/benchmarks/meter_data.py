"""A database full of readings, made inside the server; shared by benchmarks.

BENCHMARK_DAYS says how many days of readings there are, one a minute for each of 500
endpoints: 3 by default, 70 are 50 million and need 13 GB and some minutes.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import asyncpg

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.database import EmbeddedServer, Pool, migrate
from nxforge_core.services import SystemClock
from tests.benchmarks.meter_readings import fill_readings

__all__ = ["MONTH", "START", "Filled", "Size", "filled", "wanted_size"]

SCHEMA: Final = "nxp_consumption_monitor"
MONTH: Final = date(2026, 10, 1)
START: Final = datetime(2026, 10, 1, tzinfo=UTC)

_ENDPOINTS: Final = """
with fresh as (
    insert into endpoint (id, name, url, interval_s, phase_s, tz)
    select gen_random_uuid(), 'e' || n, 'http://127.0.0.1/' || n, 60, 0, 'UTC'
    from generate_series(1, $1) n
    returning id
), guarded as (
    insert into endpoint_state (endpoint_id) select id from fresh
)
insert into channel_state (endpoint_id, channel) select id, 'total' from fresh
"""
#: What the rounds would have kept of the readings in [$1, $2): what $2 ends is still
#: open. By the formula of the readings: reading them all again takes minutes.
_ROLLUPS: Final = """
insert into closed_rollup (
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
    start_register, end_register, readings, expected, coverage, closed
)
select e.id, 'total', g.grain, g.start, g.finish, 'UTC', k.last - k.first, 0, k.first,
    k.last, m.minutes, m.minutes, 1, true
from endpoint e
cross join (
    select v.grain, start, start + v.span as finish
    from (values ('day', interval '1 day'), ('month', interval '1 month'))
        as v (grain, span)
    cross join lateral generate_series($1::timestamptz, $2::timestamptz, v.span) start
) g
cross join lateral (
    select extract(epoch from g.finish - g.start) / 60 as minutes
) m
cross join lateral (
    select
        round(1000 + extract(epoch from g.start - $1) / 2400, 3) as first,
        round(
            1000 + extract(epoch from g.finish - interval '1 minute' - $1) / 2400, 3
        ) as last
) k
where g.finish < $2
"""
#: A year of hours, longer than readings are kept; $1 endpoints have it.
_HOURS: Final = """
insert into closed_rollup (
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
    avg_kw, peak_kw_sample, min_kw, readings, expected, coverage, closed
)
select id, 'total', 'hour', ts, ts + interval '1 hour', 'UTC', 1.5, 0, 1.5, 1.9,
    1.1, 60, 60, 1, true
from (select id from endpoint order by id limit $1) e, generate_series(
    $2::timestamptz - interval '365 days', $2 - interval '1 hour', interval '1 hour'
) ts
"""
#: The last reading, and what is open there; $2 is when the readings begin.
_LATEST: Final = """
update channel_state c
set ts = r.ts, register_kwh = r.register_kwh, total_kwh = r.total_kwh,
    power_kw = r.power_kw, quality = r.quality,
    rollup_state = jsonb_build_array(
        r.ts, r.total_kwh::text, 'measured', '1.5', false, o.buckets,
        jsonb_build_array(r.ts, r.ts, r.total_kwh::text, 0), 'UTC', 60000000
    )
from (
    select distinct on (endpoint_id) * from reading where ts >= $1
    order by endpoint_id, ts desc
) r
cross join lateral (
    select jsonb_agg(jsonb_build_array(
        g.grain, g.start, g.start + ('1 ' || g.grain)::interval,
        round(1000 + extract(epoch from s.at - $2::timestamptz) / 2400, 3)::text,
        'measured', s.us, s.us, '0', '1.5', g.start, '1.5', '1.5', s.us / 60000000, 0
    ) order by g.place) as buckets
    from (
        select grain, place, date_trunc(grain, r.ts, 'UTC') as start
        from (values ('hour', 0), ('day', 1), ('month', 2)) v (grain, place)
    ) g
    cross join lateral (select greatest(g.start, $2::timestamptz) as at) b
    cross join lateral (
        select b.at, (1000000 * extract(epoch from r.ts - b.at))::bigint as us
    ) s
) o
where r.endpoint_id = c.endpoint_id
"""


@dataclass(frozen=True)
class Size:
    """How much there is.

    Attributes:
        days: Of readings, one a minute.
        years_of: So many endpoints have a year of hours.
    """

    endpoints: int
    days: int
    years_of: int

    @property
    def readings(self) -> int:
        """All of them."""
        return self.endpoints * self.days * 1440


@dataclass(frozen=True)
class Filled:
    """The database, as the plugin sees it and as anybody does.

    Attributes:
        ctx: What a route is handed, as far as reports look at it.
        raw: A connection without the pool's deadline: what is replaced may take
            minutes.
    """

    ctx: Any
    raw: Any
    size: Size


def wanted_size(endpoints: int = 500) -> Size:
    """By the environment; all endpoints have years where there are many readings."""
    days = int(os.environ.get("BENCHMARK_DAYS", "3"))
    return Size(endpoints, days, endpoints if days > 31 else 20)


@asynccontextmanager
async def filled(data: Path, size: Size) -> AsyncIterator[Filled]:
    """A server of its own in a folder, full."""
    async with EmbeddedServer(data / "postgresql") as address:

        async def connect() -> Any:
            db = await asyncpg.connect(
                **address.asyncpg_arguments(), server_settings={"search_path": SCHEMA}
            )
            # Logins have one, and what is replaced takes longer.
            await db.execute("set statement_timeout = 0")
            return db

        raw = await connect()
        # More than the product asks for: what is replaced is to sort in memory.
        await raw.execute("set work_mem = '512MB'")
        await raw.execute(f"create schema {SCHEMA}")
        folder = Path(str(files("nxforge_consumption_monitor"))) / "migrations"
        await migrate(address, SCHEMA, "consumption-monitor", folder)
        await _fill(connect, raw, size)
        pool = Pool(address, search_path=SCHEMA, application_name="benchmark")
        ctx = SimpleNamespace(db=pool, clock=SystemClock(), settings=MonitorSettings())
        yield Filled(ctx, raw, size)
        await pool.close()
        await raw.close()


async def _fill(connect: Any, db: Any, size: Size) -> None:
    # Nothing of it has to outlive a crash of the machine.
    await db.execute("set synchronous_commit = off")
    await db.execute(_ENDPOINTS, size.endpoints)
    await fill_readings(connect, START, size.days)
    end = START + timedelta(days=size.days)
    await db.execute(_ROLLUPS, START, end)
    await db.execute(_HOURS, size.years_of, START)
    await db.execute(_LATEST, end - timedelta(days=1), START)
    # As autovacuum would, if the benchmark waited for it; it needs to be on disk.
    await db.execute("set synchronous_commit = on")
    await db.execute("create table flushed ()")
    for table in ("closed_rollup", "endpoint", "channel_state", "endpoint_state"):
        await db.execute(f"vacuum analyze {table}")
    await db.execute("analyze reading")
