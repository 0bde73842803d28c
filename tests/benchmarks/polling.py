"""What a poll costs, and what it costs to keep what it brought.

Each against the way that people do it today, turn by turn in one run.
"""

from __future__ import annotations

import asyncio
import gc
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any, Final

import asyncpg
import httpx
from bs4 import BeautifulSoup

from nxforge_consumption_monitor.collect import Poll, judge
from nxforge_consumption_monitor.extract import (
    Extraction,
    Measurement,
    Quantity,
    decode_rules,
)
from nxforge_consumption_monitor.extract import extract as extract_values
from nxforge_consumption_monitor.fetch import PageRequest, Pages
from nxforge_consumption_monitor.store import due_endpoints, store_round
from nxforge_core.database import EmbeddedServer, Pool, migrate
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp
from tests.benchmarks.meters import meters

__all__ = ["measure"]

_HOSTS: Final = 50
_PAGES: Final = 2_000
_FEWER: Final = 250
_TURNS: Final = 5
_ROUND: Final = 500
_SCHEMA: Final = "nxp_consumption_monitor"
_RULES: Final = decode_rules(
    b'{"rules": [{"quantity": "energy", "steps": ['
    b'{"step": "label", "label": "Total energy"}, {"step": "unit"}]}]}'
)
_ROW: Final = "<tr><td>Outlet %d</td><td>%d.%d W</td><td>on</td></tr>\n"
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
#: The same work as a round, without its checks, for one meter at a time: its reading,
#: and its hour, day and month go on.
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


def measure() -> dict[str, float]:
    """Pages per CPU second of this process, and milliseconds of a round.

    `pages_*`: a page of 5 kB fetched and its register read, 50 meters at a time;
    `usual` is one httpx client and BeautifulSoup. `round_*`: 500 readings with their
    hours, days and months, judged and durably stored; `usual` is an INSERT for each,
    `alone` one that keeps the hour, day and month of its meter as well.
    """
    import uvloop  # noqa: PLC0415  # as `nxforge serve` does

    with (
        tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        found = runner.run(_pages(Path(folder)))
        return found | runner.run(_rounds(Path(folder)))


def _page() -> str:
    rows = "".join(_ROW % (n, 100 + n, n % 10) for n in range(90))
    return (
        "<!DOCTYPE html><html><head><title>PDU</title></head><body><table>\n"
        f"{rows}<tr><td>Total energy</td><td>13105.722 kWh</td><td></td></tr>\n"
        "</table></body></html>"
    )


async def _pages(folder: Path) -> dict[str, float]:
    page = folder / "page.html"
    page.write_text(_page())
    ours: list[float] = []
    usual: list[float] = []
    http = GuardedHttp(NetworkPolicy.parse(["127.0.0.1"]))
    with meters(_HOSTS, page=page) as ports:
        urls = [f"http://127.0.0.1:{port}/" for port in ports]
        async with httpx.AsyncClient() as client:
            for _ in range(_TURNS):
                ours.append(await _per_second(_our_way(http), urls, _PAGES))
                usual.append(await _per_second(_usual_way(client), urls, _FEWER))
        await http.close()
    return {
        "page_bytes": page.stat().st_size,
        "pages_per_cpu_second": round(median(ours)),
        "pages_per_cpu_second_usual": round(median(usual)),
        "pages_ratio": round(median(ours) / median(usual), 1),
    }


def _our_way(http: GuardedHttp) -> Callable[[str], Awaitable[Decimal]]:
    pages = Pages()

    async def ask(url: str) -> Decimal:
        answer = await pages.fetch(PageRequest(url=url), http)
        return extract_values(_RULES, answer.page).measurements[0].value

    return ask


def _usual_way(client: httpx.AsyncClient) -> Callable[[str], Awaitable[Decimal]]:
    async def ask(url: str) -> Decimal:
        answer = await client.get(url, timeout=10)
        soup = BeautifulSoup(answer.text, "lxml")
        text = soup.select("table tr:last-child td")[1].text
        found = re.search(r"[\d.]+", text)
        assert found is not None
        return Decimal(found[0])

    return ask


async def _per_second(
    ask: Callable[[str], Awaitable[Decimal]], urls: list[str], count: int
) -> float:
    began = time.process_time()
    each = count // len(urls)

    async def one(url: str) -> None:
        for _ in range(each):
            assert await ask(url) == Decimal("13105.722")

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(one(url))
    return each * len(urls) / (time.process_time() - began)


async def _rounds(folder: Path) -> dict[str, float]:
    async with EmbeddedServer(folder / "postgresql") as address:
        raw = await asyncpg.connect(**address.asyncpg_arguments())
        await raw.execute(f"create schema {_SCHEMA}")
        migrations = Path(str(files("nxforge_consumption_monitor"))) / "migrations"
        await migrate(address, _SCHEMA, "consumption-monitor", migrations)
        await raw.execute(_PLAIN + _OWN)
        pool = Pool(address, search_path=_SCHEMA, application_name="benchmark")
        await pool.execute(_ENDPOINTS, _ROUND)
        ids = [row["id"] for row in await pool.fetch("select id::text from endpoint")]
        gc.freeze()  # as the commands do
        turns = [await _turn(pool, raw, ids, number) for number in range(4 * _TURNS)]
        await pool.close()
        await raw.close()
    judged, stored, usual, alone = map(median, zip(*turns[1:], strict=True))
    return {
        "round_judged_ms": round(judged, 2),
        "round_stored_ms": round(stored, 2),
        "round_usual_ms": round(usual, 2),
        "round_alone_ms": round(alone, 2),
        "round_ratio": round(usual / (judged + stored), 1),
        "round_stored_ratio": round(usual / stored, 1),
        "round_ratio_alone": round(alone / (judged + stored), 1),
        "round_stored_ratio_alone": round(alone / stored, 1),
    }


async def _turn(pool: Pool, raw: Any, ids: list[str], number: int) -> tuple[float, ...]:
    at = datetime(2026, 10, 1, tzinfo=UTC) + number * timedelta(minutes=5)
    due = await due_endpoints(pool, ids, slot=at)
    kwh = 1000 + Decimal(number) / 8
    began = time.perf_counter()
    verdicts = [judge(endpoint, _poll(at, kwh)) for endpoint in due]
    between = time.perf_counter()
    async with pool.transaction() as connection:
        stored = await store_round(connection, verdicts)
    ended = time.perf_counter()
    assert len(stored) == len(ids)
    took = [between - began, ended - between]
    for statement in (_INSERT, _INSERT_WITH_OWN):
        started = time.perf_counter()
        for one in ids:
            await raw.execute(statement, one, at, float(kwh), 0.0, 1.5)
        took.append(time.perf_counter() - started)
    return tuple(1000 * each for each in took)


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
