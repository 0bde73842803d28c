"""Months and live values against what they replace, on the same generated readings.

`python -m tests.benchmarks reports`; BENCHMARK_DAYS says how many days of readings,
one a minute for each of 500 endpoints: 70 are 50 million.
"""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any, Final

import asyncpg

from nxforge_consumption_monitor.report import KeptLive, month_of_group
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.database import EmbeddedServer, Pool, migrate
from nxforge_core.services import SystemClock

__all__ = ["measure"]

_SCHEMA: Final = "nxp_consumption_monitor"
_MONTH: Final = date(2026, 10, 1)
_START: Final = datetime(2026, 10, 1, tzinfo=UTC)
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
#: What the rounds would have kept.
_ROLLUPS: Final = """
insert into rollup (
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
group by endpoint_id, g.grain, g.start, g.span
"""
_LATEST: Final = """
update channel_state c
set ts = r.ts, register_kwh = r.register_kwh, total_kwh = r.total_kwh,
    power_kw = r.power_kw, quality = r.quality
from (
    select distinct on (endpoint_id) * from reading where ts >= $1
    order by endpoint_id, ts desc
) r
where r.endpoint_id = c.endpoint_id
"""
_WINDOW: Final = """
select endpoint_id, sum(greatest(step, 0)) as energy_kwh
from (
    select endpoint_id, total_kwh - lag(total_kwh) over (
        partition by endpoint_id order by ts
    ) as step
    from reading where ts >= $1 and ts < $1 + interval '1 month'
) steps
group by endpoint_id
"""
#: As the original: the latest row of every endpoint among all rows.
_DISTINCT: Final = """
select distinct on (e.id) e.id, e.name, r.ts, r.register_kwh, r.power_kw
from endpoint e left join reading r on r.endpoint_id = e.id
order by e.id, r.ts desc
"""
#: The same for one endpoint: asked once for each.
_LAST: Final = """
select ts, register_kwh, power_kw from reading
where endpoint_id = $1 and channel = 'total' order by ts desc limit 1
"""


def measure(endpoints: int = 500) -> dict[str, float]:
    """Milliseconds, and how often faster each is than what it replaces."""
    days = int(os.environ.get("BENCHMARK_DAYS", "3"))
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder), endpoints, days))


async def _measure(data: Path, endpoints: int, days: int) -> dict[str, float]:
    async with EmbeddedServer(data / "postgresql") as address:
        # Without the pool's deadline: what is replaced may take minutes.
        raw = await asyncpg.connect(
            **address.asyncpg_arguments(), server_settings={"search_path": _SCHEMA}
        )
        await raw.execute(f"create schema {_SCHEMA}")
        folder = Path(str(files("nxforge_consumption_monitor"))) / "migrations"
        await migrate(address, _SCHEMA, "consumption-monitor", folder)
        await _fill(raw, endpoints, days)
        pool = Pool(address, search_path=_SCHEMA, application_name="benchmark")
        ctx = SimpleNamespace(db=pool, clock=SystemClock(), settings=MonitorSettings())
        gc.freeze()  # as the commands do
        found = await _months(ctx, raw) | await _live(ctx, raw)
        await pool.close()
        await raw.close()
        return found | {"readings": endpoints * days * 1440}


async def _fill(db: Any, endpoints: int, days: int) -> None:
    await db.execute("select prepare_reading_months($1, 3)", _START)
    await db.execute(_ENDPOINTS, endpoints)
    for day in range(days):
        begin = datetime.fromtimestamp(_START.timestamp() + 86_400 * day, UTC)
        await db.execute(_DAY, begin, _START)
    await db.execute(_ROLLUPS)
    await db.execute(_LATEST, begin)
    # As autovacuum would, if the benchmark waited for it.
    await db.execute("analyze reading, rollup, endpoint, channel_state, endpoint_state")


async def _months(ctx: Any, raw: Any) -> dict[str, float]:
    window, rows = await _timed(lambda: raw.fetch(_WINDOW, _START), 3)
    kept, month = await _timed(lambda: month_of_group(ctx, None, _MONTH), 7)
    assert sum((row["energy_kwh"] for row in rows), Decimal(0)) == month.total.known_kwh
    stored, _ = await _timed(
        lambda: ctx.db.fetch(
            "select endpoint_id, energy_kwh from rollup"
            " where grain = 'month' and start_ts = $1",
            _START,
        ),
        7,
    )
    return {
        "month by window query ms": window,
        "month of all endpoints ms": kept,
        "month of all endpoints, query alone ms": stored,
        "month faster": round(window / kept, 1),
        "month's query faster": round(window / stored, 1),
    }


async def _live(ctx: Any, raw: Any) -> dict[str, float]:
    original, _ = await _timed(lambda: raw.fetch(_DISTINCT), 3)
    ids = [row["id"] for row in await ctx.db.fetch("select id from endpoint")]

    async def each() -> None:
        for one in ids:
            await ctx.db.fetchrow(_LAST, one)

    asked, _ = await _timed(each, 3)
    made, _ = await _timed(lambda: KeptLive().answer(ctx), 15)
    kept = KeptLive()
    tag = (await kept.answer(ctx)).tag
    again, _ = await _timed(lambda: kept.answer(ctx, tag), 51)
    return {
        "live by latest of all rows ms": original,
        "live by a query for each endpoint ms": asked,
        "live made ms": made,
        "live kept ms": again,
        "live made faster": round(original / made, 1),
        "live kept faster": round(original / again, 1),
    }


async def _timed(call: Callable[[], Awaitable[Any]], times: int) -> tuple[float, Any]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        answer = await call()
        took.append(1000 * (time.perf_counter() - began))
    return round(median(took), 3), answer
