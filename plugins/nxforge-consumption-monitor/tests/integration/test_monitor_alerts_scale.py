"""Five hundred endpoints a minute: one statement each, by keys, in bounded time."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from nxforge_consumption_monitor.alerts import watch
from nxforge_consumption_monitor.store import SQL
from nxforge_core.api import NoParams

_ENDPOINTS = """
insert into endpoint (
    id, name, url, interval_s, phase_s, tz, breaker_a, created_at
)
select gen_random_uuid(), 'e' || n, 'http://meter.test/' || n, 60, 0, 'UTC', 16, $1
from generate_series(1, 500) n
"""
_STATES = """
insert into endpoint_state (endpoint_id, attempted_at, outcome)
select id, $1, 'ok' from endpoint
"""
_CHANNELS = """
insert into channel_state (
    endpoint_id, channel, ts, sample_ts, power_kw, current_a, quality, signs
)
select
    id, c, $1, $1, 2.5, 20, 'measured',
    json_build_array($1::timestamptz, $1::timestamptz)
from endpoint, unnest(array['total', 'l1', 'l2', 'l3']) c
"""
#: A year of months, two months of days, some days of hours.
_ROLLUPS = """
insert into closed_rollup (
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
    readings, expected, coverage, closed
)
select
    e.id, 'total', g.grain, s, s + g.step, 'UTC', 10, 0, 1, 1, 1, true
from endpoint e
cross join (
    values ('month', interval '1 month', interval '1 year'),
        ('day', interval '1 day', interval '60 days'),
        ('hour', interval '1 hour', interval '2 days')
) g (grain, step, span)
cross join lateral generate_series(
    date_trunc('month', $1::timestamptz) - g.span, $1::timestamptz, g.step
) s
"""


class Counting:
    """A connection that keeps what it is asked."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._connection, name)

        async def call(sql: str, *args: object) -> Any:
            self.asked.append(sql)
            return await method(sql, *args)

        async def structs(row: type, sql: str, *args: object) -> Any:
            self.asked.append(sql)
            return await method(row, sql, *args)

        return structs if name == "structs" else call


async def _fill(monitor: Any) -> None:
    now = monitor.clock.now()
    for statement in (_ENDPOINTS, _STATES, _CHANNELS, _ROLLUPS):
        await monitor.pool.execute(statement, now)
    for table in ("endpoint", "endpoint_state", "channel_state", "rollup", "alert"):
        await monitor.pool.execute(f"analyze {table}")


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(n for part in plan.get("Plans", []) for n in _nodes(part))]


@pytest.mark.timeout(120)
async def test_minute_of_five_hundred_endpoints_is_a_few_statements(
    monitor: Any,
) -> None:
    """As many for 500 as for one, and long done before the next minute."""
    await _fill(monitor)
    counted: list[Counting] = []

    class Transaction:
        async def __aenter__(self) -> Counting:
            self._inner = monitor.pool.transaction()
            counted.append(Counting(await self._inner.__aenter__()))
            return counted[-1]

        async def __aexit__(self, *error: object) -> None:
            await self._inner.__aexit__(*error)

    job = monitor.job()
    parts = {name: getattr(job, name) for name in job.__dataclass_fields__}
    counting = type(job)(**parts | {"transaction": Transaction})
    monitor.clock.pass_by(minutes=1)
    await watch(counting, NoParams())
    monitor.clock.pass_by(minutes=10)
    began = time.perf_counter()
    result = await watch(counting, NoParams())
    seconds = time.perf_counter() - began
    assert result.fired == 500
    assert len(counted[-1].asked) < 10
    assert seconds < 10


@pytest.mark.timeout(120)
async def test_watched_endpoints_are_found_by_their_keys(monitor: Any) -> None:
    """No scan goes through the rollups: their number grows, the minute does not."""
    await _fill(monitor)
    [row] = await monitor.pool.fetch(
        f"explain (analyze, buffers, format json) {SQL.watched_endpoints}",
        monitor.clock.now(),
    )
    plan = row["QUERY PLAN"]
    [found] = json.loads(plan) if isinstance(plan, str) else plan
    of_rollups = [
        node for node in _nodes(found["Plan"]) if node.get("Relation Name") == "rollup"
    ]
    assert {node["Node Type"] for node in of_rollups} <= {
        "Index Scan",
        "Bitmap Heap Scan",
    }
    read = sum(node["Actual Rows"] * node["Actual Loops"] for node in of_rollups)
    assert read <= 500 * (1 + 8)
