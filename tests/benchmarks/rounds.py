"""What it costs to keep what a round of 500 meters brought, durably.

Each way turn by turn in one run, on one disk.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any, Final

import asyncpg

from nxforge_consumption_monitor.collect import Poll, judge
from nxforge_consumption_monitor.extract import Extraction, Measurement, Quantity
from nxforge_consumption_monitor.store import due_endpoints, store_round
from nxforge_core.database import EmbeddedServer, Pool, migrate
from tests.benchmarks.disk import commit_ms, disk_folder

__all__ = ["measure"]

_TURNS: Final = 12
_ROUND: Final = 500
_SCHEMA: Final = "nxp_consumption_monitor"
_ENDPOINTS: Final = """
with fresh as (
    insert into endpoint (id, name, url, interval_s, phase_s, tz)
    select gen_random_uuid(), 'e' || n, 'http://127.0.0.1/' || n, 300, 0, 'UTC'
    from generate_series(1, $1) n
    returning id
), ruled as (
    insert into extraction_rule (endpoint_id, version, rules)
    select id, 1, '{"rules": []}' from fresh
), guarded as (
    insert into endpoint_state (endpoint_id) select id from fresh
)
insert into channel_state (endpoint_id, channel) select id, 'total' from fresh
"""
#: The table that the original had, with its indexes.
_PLAIN: Final = """
create table plain (
    id bigserial primary key, endpoint_id text not null, ts timestamptz not null,
    total_kwh double precision, current_kwh double precision, power double precision,
    success boolean not null default true
);
create index on plain (endpoint_id);
create index on plain (ts);
create index on plain (endpoint_id, ts);
"""
_INSERT: Final = """
insert into plain (endpoint_id, ts, total_kwh, current_kwh, power)
values ($1, $2, $3, $4, $5)
"""
#: The least that keeps an hour, a day and a month as well: no state, no checks.
_OWN: Final = """
create table own_rollup (
    endpoint_id text not null, grain text not null, start_ts timestamptz not null,
    first_kwh double precision, last_kwh double precision, peak double precision,
    readings integer, primary key (endpoint_id, grain, start_ts)
);
"""
_INSERT_WITH_OWN: Final = """
with kept as (
    insert into plain (endpoint_id, ts, total_kwh, current_kwh, power)
    values ($1, $2, $3, $4, $5)
)
insert into own_rollup as u
select $1, g, date_trunc(g, $2, 'UTC'), $3, $3, $5, 1
from unnest(array['hour', 'day', 'month']) g
on conflict (endpoint_id, grain, start_ts) do update set
    last_kwh = excluded.last_kwh, peak = greatest(u.peak, excluded.peak),
    readings = u.readings + 1
"""
#: Milliseconds by name.
_Took = dict[str, float]


def measure() -> dict[str, float]:
    """Milliseconds of 500 readings with their hours, days and months.

    `loaded` what is known of the meters is read, `judged` by it, `stored` in one
    transaction; `round` is all three. `one_by_one` is the same code for one meter
    after the other, as a job for each would. `inserts` is a bare INSERT for each, and
    `inserts_with_rollups` one that keeps hour, day and month, without any check.
    `commit` is what this disk takes to keep 8 kB.
    """
    import uvloop  # noqa: PLC0415  # as `nxforge serve` does

    with (
        disk_folder() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        turns = runner.run(_turns(folder))
    found = {name: median(turn[name] for turn in turns[2:]) for name in turns[0]}
    whole = found["loaded"] + found["judged"] + found["stored"]
    return {f"{name}_ms": round(took, 2) for name, took in found.items()} | {
        "round_ms": round(whole, 2),
        "one_by_one_ratio": round(found["one_by_one"] / whole, 1),
        "stored_by_inserts_ratio": round(found["inserts"] / found["stored"], 1),
        "stored_by_inserts_with_rollups_ratio": round(
            found["inserts_with_rollups"] / found["stored"], 1
        ),
        "round_by_inserts_ratio": round(found["inserts"] / whole, 1),
        "round_by_inserts_with_rollups_ratio": round(
            found["inserts_with_rollups"] / whole, 1
        ),
    }


async def _turns(folder: Path) -> list[_Took]:
    async with _database(folder) as (pool, raw):
        ids = [row["id"] for row in await pool.fetch("select id::text from endpoint")]
        gc.freeze()  # as the commands do
        turns = []
        for number in range(_TURNS):
            took = await _turn(pool, raw, ids, number)
            turns.append(took | {"commit": commit_ms(folder)})
        return turns


@asynccontextmanager
async def _database(folder: Path) -> AsyncIterator[tuple[Pool, Any]]:
    async with EmbeddedServer(folder / "postgresql") as address:
        raw = await asyncpg.connect(**address.asyncpg_arguments())
        await raw.execute(f"create schema {_SCHEMA}")
        migrations = Path(str(files("nxforge_consumption_monitor"))) / "migrations"
        await migrate(address, _SCHEMA, "consumption-monitor", migrations)
        await raw.execute(_PLAIN + _OWN)
        pool = Pool(address, search_path=_SCHEMA, application_name="benchmark")
        await pool.execute(_ENDPOINTS, _ROUND)
        yield pool, raw
        await pool.close()
        await raw.close()


async def _turn(pool: Pool, raw: Any, ids: list[str], number: int) -> _Took:
    at = datetime(2026, 10, 1, tzinfo=UTC) + number * timedelta(minutes=10)
    took: _Took = {}
    kwh = 1000 + Decimal(number) / 4
    with _clock(took, "loaded"):
        due = await due_endpoints(pool, ids, slot=at)
    polls = [_poll(at, kwh) for _ in due]
    with _clock(took, "judged"):
        verdicts = [judge(each, poll) for each, poll in zip(due, polls, strict=True)]
    with _clock(took, "stored"):
        async with pool.transaction() as connection:
            stored = await store_round(connection, verdicts)
    assert len(stored) == len(ids)
    later, more = at + timedelta(minutes=5), kwh + Decimal(1) / 8
    with _clock(took, "one_by_one"):
        for one in ids:
            await _alone(pool, one, later, more)
    for name, statement in (
        ("inserts", _INSERT),
        ("inserts_with_rollups", _INSERT_WITH_OWN),
    ):
        with _clock(took, name):
            for one in ids:
                await raw.execute(statement, one, at, float(kwh), 0.0, 1.5)
    return took


async def _alone(pool: Pool, one: str, at: datetime, kwh: Decimal) -> None:
    [endpoint] = await due_endpoints(pool, [one], slot=at)
    verdict = judge(endpoint, _poll(at, kwh))
    async with pool.transaction() as connection:
        assert await store_round(connection, [verdict]) == {one}


@contextmanager
def _clock(took: _Took, name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    took[name] = 1000 * (time.perf_counter() - began)


def _poll(at: datetime, kwh: Decimal) -> Poll:
    values = (_value("energy", kwh, "kWh"), _value("power", Decimal("1.5"), "kW"))
    return Poll(
        started_at=at,
        arrived_at=at + timedelta(milliseconds=50),
        extraction=Extraction(measurements=values),
    )


def _value(quantity: Quantity, value: Decimal, unit: str) -> Measurement:
    return Measurement(
        quantity=quantity,
        channel="total",
        value=value,
        raw_text=f"{value} {unit}",
        raw_unit=unit,
        resolution=Decimal("0.001"),
    )
