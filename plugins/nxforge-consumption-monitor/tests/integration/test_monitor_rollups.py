"""Hours, days and months in the database: kept, compared, repaired, locked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.collect import VerifyParams, verify_rollups
from nxforge_consumption_monitor.register import Cadence
from nxforge_consumption_monitor.restate import restate
from nxforge_consumption_monitor.rollup import (
    GoodPoint,
    Plan,
    Rollup,
    RollupState,
    fold,
    open_rollups,
)

_ROWS: Final = """
select grain, start_ts, end_ts, energy_kwh, estimated_kwh, start_register, end_register,
    readings, coverage, events, closed, revision
from rollup where channel = 'total' order by grain, start_ts
"""
_OPEN: Final = """
select channel, grain, start_ts, end_ts, energy_kwh, estimated_kwh, start_register,
    end_register, start_quality, end_quality, avg_kw, peak_kw_15m, peak_at,
    peak_kw_sample, min_kw, readings, expected, coverage, events, closed
from rollup where grain is not null
"""
_REMEMBER: Final = """
insert into channel_state (endpoint_id, channel, rollup_state)
values ($1, $2, $3::text::jsonb)
"""
_TYPED_IN: Final = """
insert into reading (
    endpoint_id, channel, ts, slot, register_kwh, quality, source, ts_source
)
values ($1, 'total', $2, $2, $3, 'manual', 'manual', 'manual')
"""


async def _read(monitor: Any, registers: list[str], **members: Any) -> Any:
    view = await monitor.add("a", interval_s=3600, tz="Europe/Bucharest", **members)
    for register in registers:
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    return view


async def _restate(monitor: Any, endpoint_id: str, since: datetime | None) -> Any:
    async with monitor.pool.transaction() as connection:
        return await restate(connection, endpoint_id, since)


async def _rows(monitor: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await monitor.pool.fetch(_ROWS)]


async def _months(monitor: Any) -> list[tuple[Any, ...]]:
    return [row for row in await _rows(monitor) if row[0] == "month"]


async def test_round_keeps_hours_days_and_months(monitor: Any) -> None:
    """Two days of hourly readings over a midnight of Bucharest, which is 22:00 UTC."""
    await _read(monitor, [str(100 + n) for n in range(15)])
    rows = await _rows(monitor)
    days = [(row[1].day, row[1].hour, row[3]) for row in rows if row[0] == "day"]
    assert days == [(9, 22, 10), (10, 22, 4)]
    hours = [row for row in rows if row[0] == "hour"]
    assert len(hours) == 15
    assert {row[3] for row in hours[:-1]} == {1}
    assert [row[3] for row in rows if row[0] == "month"] == [14]
    assert {row[-1] for row in rows} == {1}


async def test_rows_deleted_and_computed_again_are_the_same(monitor: Any) -> None:
    """Glitch, reset, rollover of opinion: what polls wrote is what a replay writes."""
    registers = ["750.0", "751.5", "0", "791.9", "3", "5", "9", "8.999", "10"]
    view = await _read(monitor, registers)
    before = await _rows(monitor)
    assert sum(row[9] for row in before if row[0] == "month") == 1
    result = await _restate(monitor, view.id, None)
    assert (result.rollups, await _rows(monitor)) == (0, before)
    await monitor.pool.execute("delete from closed_rollup")
    await _restate(monitor, view.id, None)
    assert await _rows(monitor) == before
    monitor.show("a", "11")
    await monitor.round()
    polled = await _rows(monitor)
    await monitor.pool.execute("delete from closed_rollup")
    await _restate(monitor, view.id, None)
    assert await _rows(monitor) == polled


async def test_open_rows_are_those_of_the_fold_to_the_last_digit(monitor: Any) -> None:
    """What is open is read from the state of its channel: no digit, no tie differs."""
    view = await monitor.add("a")
    chance = Random(31)  # noqa: S311 - the same every time
    plans = [_plan(chance) for _ in range(200)]
    states = [_state(chance, plan) for plan in plans]
    await monitor.pool.executemany(
        _REMEMBER,
        [
            (view.id, f"c{n}", msgspec.json.encode(state).decode())
            for n, state in enumerate(states)
        ],
    )
    found = {
        (row[0], row[1]): Rollup(**dict(list(row.items())[1:]))
        for row in await monitor.pool.fetch(_OPEN)
    }
    assert found == {
        (f"c{n}", row.grain): row
        for n, (state, plan) in enumerate(zip(states, plans, strict=True))
        for row in open_rollups(state, plan)
    }


def _plan(chance: Random) -> Plan:
    zones = ["UTC", "Europe/Bucharest", "Australia/Lord_Howe", "Asia/Kathmandu"]
    interval = timedelta(seconds=chance.choice([5, 60, 300, 1000, 86_400]))
    return Plan(ZoneInfo(chance.choice(zones)), Cadence(interval))


def _state(chance: Random, plan: Plan) -> RollupState:
    # Steps of 1.8 ms: shares of an hour that lie between two sixth decimals.
    ts = datetime(2025, 3, 28, tzinfo=UTC) + timedelta(
        seconds=chance.randrange(400_000)
    )
    total: Decimal | None = Decimal("4000.12345678") if chance.random() < 0.8 else None
    points = []
    for _ in range(chance.randint(1, 8)):
        power = chance.choice([None, Decimal(chance.randrange(5000)) / 1000])
        points.append(
            GoodPoint(ts, total, chance.choice(["measured", "manual"]), power)
        )
        ts += timedelta(microseconds=1800 * chance.randrange(1, 2 * 10**6))
        if total is not None:
            total += Decimal(chance.randrange(10**9)).scaleb(-chance.randrange(5, 9))
    state, _ = fold(points, plan)
    assert state is not None
    return state


async def test_late_reading_restates_closed_rows_with_a_revision(monitor: Any) -> None:
    """Between two readings energy moves from one hour to another; the day keeps it."""
    monitor.clock.instant = datetime(2025, 3, 10, 12, tzinfo=UTC)
    view = await _read(monitor, ["100"])
    monitor.clock.pass_by(hours=1)
    monitor.show("a", "104")
    await monitor.round()
    late = datetime(2025, 3, 10, 13, tzinfo=UTC)
    await monitor.pool.execute(_TYPED_IN, view.id, late, Decimal(101))
    result = await _restate(monitor, view.id, late)
    hours = [row for row in await _rows(monitor) if row[0] == "hour"]
    assert [(row[3], row[-1]) for row in hours[:2]] == [(1, 2), (3, 2)]
    assert result.changes == ()


async def test_locked_month_is_adjusted_in_the_next_open_one(monitor: Any) -> None:
    """The invoice stays; the difference is a line, and is taken back when it ends."""
    monitor.clock.instant = datetime(2025, 2, 27, 12, tzinfo=UTC)
    view = await _read(monitor, ["100", "140", "3", "5"])
    monitor.clock.pass_by(days=4)
    monitor.show("a", "9")
    await monitor.round()
    await monitor.pool.execute("insert into period_lock (month) values ('2025-02-01')")
    [february, march] = await _months(monitor)
    await monitor.pool.execute("update meter_event set state = 'dismissed'")
    since = datetime(2025, 2, 27, tzinfo=UTC)
    result = await _restate(monitor, view.id, since)
    [adjustment] = result.adjustments
    assert (adjustment.month, adjustment.booked_month, adjustment.energy_kwh) == (
        date(2025, 2, 1),
        date(2025, 3, 1),
        -3,
    )
    assert (await _months(monitor))[0] == february
    assert (await _months(monitor))[1][3] == march[3]
    assert (await _restate(monitor, view.id, since)).adjustments == ()
    await monitor.pool.execute("update meter_event set state = 'confirmed'")
    await _restate(monitor, view.id, since)
    booked = await monitor.pool.fetchval("select sum(energy_kwh) from adjustment")
    assert booked == 0


async def test_verification_finds_nothing_where_nothing_is_wrong(monitor: Any) -> None:
    """Every row of the last days is compared."""
    await _read(monitor, ["100", "140", "3", "5", "9", "10"])
    outcome = await verify_rollups(monitor.job(), VerifyParams())
    assert outcome.kind == "ok"
    assert outcome.result["compared"] >= 8
    assert (outcome.result["different"], outcome.result["repaired"]) == (0, 0)


async def test_verification_reports_and_repairs_a_wrong_row(monitor: Any) -> None:
    """Somebody's change of a stored row does not reach an invoice."""
    monitor.clock.instant = datetime(2025, 2, 28, 21, tzinfo=UTC)
    await _read(monitor, ["100", "101", "102"])
    before = await _rows(monitor)
    await monitor.pool.execute(
        "update closed_rollup set energy_kwh = 5 where grain in ('hour', 'month') and"
        " start_ts <= $1",
        monitor.clock.now() - timedelta(hours=3),
    )
    outcome = await verify_rollups(monitor.job(), VerifyParams())
    assert outcome.kind == "partial"
    assert outcome.result["repaired"] == 1
    name, told = monitor.events.published[-1]
    assert (name, told["endpointName"]) == ("metric.repaired", "a")
    assert told["rows"] == outcome.result["different"]
    assert {row["grain"] for row in outcome.result["rows"]} == {"hour", "month"}
    assert [row[:10] for row in await _rows(monitor)] == [row[:10] for row in before]
    assert (await verify_rollups(monitor.job(), VerifyParams())).kind == "ok"
