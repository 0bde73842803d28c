"""Readings, what is kept of them, and the alerts that they begin and end."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from nxforge_core.api import Connection, Events, load_sql
from nxforge_temperature_monitor.models import Alert, Reading, RollupView
from nxforge_temperature_monitor.rollups import Rollup, Span, Totals, merge, quarter_of
from nxforge_temperature_monitor.thresholds import Limits, State, judge

__all__ = [
    "Change",
    "alerts",
    "forget",
    "newest",
    "readings",
    "rollups",
    "store",
    "tell",
]

_SQL = load_sql("nxforge_temperature_monitor")


class Change(msgspec.Struct, frozen=True):
    """What a reading changed.

    Attributes:
        new: It was not stored before.
        before: The state of its sensor, and
        after: the same with it.
    """

    reading: Reading
    new: bool
    before: State = "normal"
    after: State = "normal"


class _Held(msgspec.Struct, frozen=True):
    name: str
    low: Decimal | None
    high: Decimal | None
    hysteresis: Decimal
    state: State
    newest: datetime | None


async def store(connection: Connection, reading: Reading) -> Change:
    """Store a reading in the caller's transaction; twice is once.

    A reading that is older than another one of its sensor changes no state.
    """
    await connection.execute(_SQL.know, reading.sensor)
    [held] = await connection.structs(_Held, _SQL.hold, reading.sensor)
    row = reading.sensor, reading.ts, reading.celsius
    if await connection.execute(_SQL.store, *row) != "INSERT 0 1":
        return Change(reading, new=False, before=held.state, after=held.state)
    await _roll_up(connection, reading)
    if held.newest is not None and held.newest > reading.ts:
        return Change(reading, new=True, before=held.state, after=held.state)
    return await _compare(connection, reading, held)


async def _roll_up(connection: Connection, reading: Reading) -> None:
    key = reading.sensor, quarter_of(reading.ts)
    totals = Totals.of(reading.celsius)
    for known in await connection.structs(Totals, _SQL.quarter, *key):
        totals = totals.plus(known)
    await connection.execute(_SQL.put_quarter, *key, *msgspec.structs.astuple(totals))


async def _compare(connection: Connection, reading: Reading, held: _Held) -> Change:
    limits = Limits(held.low, held.high, held.hysteresis)
    after = judge(held.state, reading.celsius, limits)
    if after != held.state:
        await connection.execute(_SQL.set_state, held.name, after)
        await connection.execute(_SQL.close_alert, held.name, reading.ts)
        if after != "normal":
            threshold = held.high if after == "high" else held.low
            facts = after, threshold, reading.celsius, reading.ts
            await connection.execute(_SQL.open_alert, held.name, *facts)
    elif after != "normal":
        worse = _SQL.worst_high if after == "high" else _SQL.worst_low
        await connection.execute(worse, held.name, reading.celsius)
    return Change(reading, new=True, before=held.state, after=after)


async def tell(events: Events, change: Change) -> None:
    """Say what changed, after it was committed."""
    if not change.new:
        return
    reading = change.reading
    await events.publish("metric.measured", reading)
    if change.before != change.after:
        facts = {"sensor": reading.sensor, "celsius": reading.celsius, "at": reading.ts}
        if change.before != "normal":
            await events.publish("alert.resolved", facts | {"kind": change.before})
        if change.after != "normal":
            await events.publish("alert.created", facts | {"kind": change.after})


async def newest(connection: Connection) -> list[Reading]:
    """The newest reading of every sensor."""
    return await connection.structs(Reading, _SQL.newest)


async def readings(
    connection: Connection, sensor: str, start: datetime, end: datetime, limit: int
) -> list[Reading]:
    """Those of a sensor in a time, the newest first."""
    return await connection.structs(Reading, _SQL.readings, sensor, start, end, limit)


async def rollups(
    connection: Connection,
    sensor: str | None,
    start: datetime,
    end: datetime,
    span: Span,
    zone: ZoneInfo,
) -> list[RollupView]:
    """Minimum, maximum and mean of each hour or day, of one sensor or all."""
    rows = await connection.fetch(_SQL.quarters, sensor, quarter_of(start), end)
    kept = [
        Rollup(
            row["sensor"],
            row["start"],
            Totals(row["low"], row["high"], row["total"], row["count"]),
        )
        for row in rows
    ]
    return [_view(one) for one in merge(kept, span, zone)]


def _view(one: Rollup) -> RollupView:
    totals = one.totals
    return RollupView(
        sensor=one.sensor,
        start=one.start,
        low=totals.low,
        high=totals.high,
        mean=totals.mean,
        count=totals.count,
    )


async def alerts(
    connection: Connection,
    sensor: str | None,
    *,
    only_open: bool = False,
    before: int | None = None,
    limit: int = 100,
) -> list[Alert]:
    """The newest first."""
    return await connection.structs(
        Alert, _SQL.alerts, sensor, only_open, before, limit
    )


async def forget(
    connection: Connection, now: datetime, reading_days: int, rollup_days: int
) -> int:
    """Delete what is too old; how many readings that were."""
    before = now - timedelta(days=reading_days)
    tag = await connection.execute(_SQL.forget, before)
    older = now - timedelta(days=rollup_days)
    await connection.execute(_SQL.forget_quarters, older)
    return int(tag.removeprefix("DELETE "))
