"""A database full of readings, made inside the server; shared by benchmarks.

BENCHMARK_DAYS says how many days of readings there are, one a minute for each of 500
endpoints: 3 by default, 70 are 50 million and need 10 GB and some minutes.
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
#: A register that rises by 1.5 kWh an hour; a formula, so that others can have it too.
_DAY: Final = """
insert into reading (
    endpoint_id, channel, ts, slot, register_kwh, total_kwh, power_kw, quality
)
select id, 'total', ts, ts, kwh, kwh, 1.5, 'measured'
from endpoint, generate_series(
    $1::timestamptz, $1 + interval '1 day' - interval '1 minute', interval '1 minute'
) ts, lateral (
    select round(1000 + extract(epoch from ts - $2::timestamptz) / 2400, 3) as kwh
) k
"""
#: What the rounds would have kept: $1 is when the readings end, and what it ends is
#: still open.
_ROLLUPS: Final = """
insert into closed_rollup (
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
    start_register, end_register, readings, expected, coverage, closed
)
select endpoint_id, 'total', g.grain, g.start, g.start + g.span, 'UTC',
    max(total_kwh) - min(total_kwh), 0, min(total_kwh), max(total_kwh), count(*), 1, 1,
    false
from reading, lateral (values
    ('day', date_trunc('day', ts, 'UTC'), interval '1 day'),
    ('month', date_trunc('month', ts, 'UTC'), interval '1 month')
) g (grain, start, span)
where g.start + g.span < $1
group by endpoint_id, g.grain, g.start, g.span
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
        raw = await asyncpg.connect(
            **address.asyncpg_arguments(), server_settings={"search_path": SCHEMA}
        )
        # Logins have one, and what is replaced takes longer.
        await raw.execute("set statement_timeout = 0")
        await raw.execute(f"create schema {SCHEMA}")
        folder = Path(str(files("nxforge_consumption_monitor"))) / "migrations"
        await migrate(address, SCHEMA, "consumption-monitor", folder)
        await _fill(raw, size)
        pool = Pool(address, search_path=SCHEMA, application_name="benchmark")
        ctx = SimpleNamespace(db=pool, clock=SystemClock(), settings=MonitorSettings())
        yield Filled(ctx, raw, size)
        await pool.close()
        await raw.close()


async def _fill(db: Any, size: Size) -> None:
    # Nothing of it has to outlive a crash of the machine.
    await db.execute("set synchronous_commit = off")
    await db.execute("select prepare_reading_months($1, 3)", START)
    await db.execute(_ENDPOINTS, size.endpoints)
    for day in range(size.days):
        await db.execute(_DAY, START + timedelta(days=day), START)
    end = START + timedelta(days=size.days)
    await db.execute(_ROLLUPS, end)
    await db.execute(_HOURS, size.years_of, START)
    await db.execute(_LATEST, end - timedelta(days=1), START)
    # As autovacuum would, if the benchmark waited for it; it needs to be on disk.
    await db.execute("set synchronous_commit = on")
    await db.execute("create table flushed ()")
    for table in ("closed_rollup", "endpoint", "channel_state", "endpoint_state"):
        await db.execute(f"vacuum analyze {table}")
    await db.execute("analyze reading")
