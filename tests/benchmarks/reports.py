"""Months, series and live values against what they replace, on the same readings.

`python -m tests.benchmarks reports`; see `meter_data` for more readings than a few.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, Final

from nxforge_consumption_monitor.report import KeptLive, month_of_group
from nxforge_consumption_monitor.series import SeriesQuery, series
from tests.benchmarks.disk import disk_folder
from tests.benchmarks.meter_data import MONTH, START, Filled, filled, wanted_size

__all__ = ["measure"]

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
#: The same readings by the same formula, in the memory of an analytic database.
_DUCK_DATA: Final = """
create table reading as
select e::integer as endpoint_id, ts,
    round(1000 + (epoch(ts) - epoch(start)) / 2400, 3) as total_kwh
from (select timestamp '2026-10-01' as start) s, range(0, {endpoints}) e (e),
    range(start, start + interval '{days} days', interval '1 minute') t (ts)
"""
_DUCK: Final = """
select endpoint_id, sum(greatest(step, 0)) as energy_kwh
from (
    select endpoint_id, total_kwh - lag(total_kwh) over (
        partition by endpoint_id order by ts
    ) as step
    from reading
    where ts >= timestamp '2026-10-01' and ts < timestamp '2026-11-01'
) steps
group by endpoint_id
"""
#: The fields of a month that it is asked for.
_STORED: Final = """
select endpoint_id, energy_kwh from rollup where grain = 'month' and start_ts = $1
"""
#: What a chart of a year would be without hours that are kept.
_YEAR: Final = """
select floor(extract(epoch from ts) / 31536), min(power_kw), max(power_kw),
    avg(power_kw)
from reading where endpoint_id = $1 and channel = 'total' group by 1
"""


_MANY: Final = 10_000_000


def measure(endpoints: int = 500) -> dict[str, float]:
    """Milliseconds, and how often faster each is than what it replaces."""
    import uvloop  # noqa: PLC0415  # as `nxforge serve` does

    with (
        disk_folder() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measure(folder, endpoints))


async def _measure(data: Path, endpoints: int) -> dict[str, float]:
    async with filled(data, wanted_size(endpoints)) as there:
        gc.freeze()  # as the commands do
        found = await _months(there) | await _live(there) | await _series(there)
        return found | {"readings": there.size.readings}


async def _months(there: Filled) -> dict[str, float]:
    ctx, raw = there.ctx, there.raw
    window, rows = await _timed(lambda: raw.fetch(_WINDOW, START), _slow(there))
    whole, month = await _timed(lambda: month_of_group(ctx, None, MONTH), 7)
    known = sum((row["energy_kwh"] for row in rows), Decimal(0))
    assert known == month.total.known_kwh
    stored, _ = await _timed(lambda: ctx.db.fetch(_STORED, START), 15)
    duck = _duck(there, known)
    return {
        "month by window query ms": window,
        "month in DuckDB ms": duck,
        "month of all endpoints with evidence ms": whole,
        "month of all endpoints, rollups alone ms": stored,
        "month with evidence faster": round(window / whole, 1),
        "month's rollups faster": round(window / stored, 1),
        "month with evidence faster than DuckDB": round(duck / whole, 1),
        "month's rollups faster than DuckDB": round(duck / stored, 1),
    }


def _duck(there: Filled, known: Decimal) -> float:
    import duckdb  # noqa: PLC0415  # a group of its own: who runs others needs it not

    with duckdb.connect() as database:
        database.execute("set threads to 2")
        # The same text for every run: nothing in it comes from outside.
        size = {"endpoints": there.size.endpoints, "days": there.size.days}
        database.execute(_DUCK_DATA.format(**size))
        took = []
        rows: list[Any] = []
        for _ in range(3):
            began = time.perf_counter()
            rows = database.execute(_DUCK).fetchall()
            took.append(1000 * (time.perf_counter() - began))
        assert abs(sum(energy for _, energy in rows) - float(known)) < 1
    return round(median(took), 3)


async def _live(there: Filled) -> dict[str, float]:
    ctx, raw = there.ctx, there.raw
    original, _ = await _timed(lambda: raw.fetch(_DISTINCT), _slow(there))
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


async def _series(there: Filled) -> dict[str, float]:
    ctx = there.ctx
    one = await ctx.db.fetchval(
        "select endpoint_id from rollup where grain = 'hour' limit 1"
    )
    year = SeriesQuery(
        endpoint_ids=[str(one)],
        low=(START - timedelta(days=365)).isoformat(),
        high=START.isoformat(),
        points="1000",
        power="minmax",
    )
    buckets, answer = await _timed(lambda: series(ctx, year), 15)
    assert 900 < len(answer.series[0].power.ts) <= 1000
    day = SeriesQuery(
        endpoint_ids=[str(one)],
        low=START.isoformat(),
        high=(START + timedelta(days=1)).isoformat(),
        fields="power",
    )
    curve, _ = await _timed(lambda: series(ctx, day), 15)
    rows, _ = await _timed(lambda: there.raw.fetch(_YEAR, one), 3)
    return {
        "year of an endpoint as 1,000 buckets ms": buckets,
        "buckets of its readings alone ms": rows,
        "day of an endpoint as 800 points ms": curve,
    }


def _slow(there: Filled) -> int:
    """How often what takes minutes with many readings is asked."""
    return 1 if there.size.readings > _MANY else 3


async def _timed(call: Callable[[], Awaitable[Any]], times: int) -> tuple[float, Any]:
    took: list[float] = []
    answer: Any = None
    for _ in range(times):
        began = time.perf_counter()
        answer = await call()
        took.append(1000 * (time.perf_counter() - began))
    return round(median(took), 3), answer
