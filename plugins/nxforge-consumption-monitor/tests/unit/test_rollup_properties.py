"""What holds of hours, days and months whatever the readings and the zone are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.register import (
    Cadence,
    Limits,
    MeterEvent,
    Point,
    Reading,
    period,
    unwrap,
)
from nxforge_consumption_monitor.rollup import (
    GoodPoint,
    Plan,
    Rollup,
    fold,
    open_rollups,
)

_BEGIN = datetime(2025, 2, 27, tzinfo=UTC)
_HOURLY = Cadence(timedelta(hours=1))
_ZONES = st.sampled_from(
    [ZoneInfo(name) for name in sorted(available_timezones()) if "/" in name]
)
_DAY_S = 86_400
_WALKS = st.lists(
    st.tuples(
        st.one_of(st.integers(1, 7200), st.integers(1, 20 * _DAY_S)),
        st.integers(0, 10**9),
    ),
    min_size=1,
    max_size=20,
)
_BEGINS = st.integers(0, 400 * _DAY_S)


def _points(walk: list[tuple[int, int]], begin: int = 0) -> list[Point]:
    ts, total = _BEGIN + timedelta(seconds=begin), Decimal("41730.12345678")
    points = [Point(ts, total)]
    for seconds, grown in walk:
        ts += timedelta(seconds=seconds)
        total += Decimal(grown).scaleb(-8)
        points.append(Point(ts, total))
    return points


def _rows(points: Iterable[Point], zone: ZoneInfo) -> list[Rollup]:
    plan = Plan(zone, _HOURLY)
    good = [GoodPoint(point.ts, point.total_kwh, point.quality) for point in points]
    state, rows = fold(good, plan)
    return rows + (open_rollups(state, plan) if state else [])


def _sum(rows: Iterable[Rollup]) -> Decimal:
    return sum((row.energy_kwh or Decimal(0) for row in rows), Decimal(0))


def _within(rows: Iterable[Rollup], grain: str, whole: Rollup) -> list[Rollup]:
    return [
        row
        for row in rows
        if row.grain == grain
        and whole.start_ts <= row.start_ts
        and row.end_ts <= whole.end_ts
    ]


@given(_WALKS, _ZONES, _BEGINS)
def test_days_are_their_month_and_hours_their_day(
    walk: list[tuple[int, int]], zone: ZoneInfo, begin: int
) -> None:
    """Each month to the last digit, and each day whose zone keeps to whole hours."""
    rows = _rows(_points(walk, begin), zone)
    for row in rows:
        if row.grain == "month":
            assert _sum(_within(rows, "day", row)) == (row.energy_kwh or 0)
        if row.grain == "day" and row.start_ts.minute == row.end_ts.minute == 0:
            assert _sum(_within(rows, "hour", row)) == (row.energy_kwh or 0)


@given(_WALKS, _ZONES, _BEGINS)
def test_rows_are_what_the_readings_say_of_their_period(
    walk: list[tuple[int, int]], zone: ZoneInfo, begin: int
) -> None:
    """Folded one by one, or asked for as a period: the same registers and energy."""
    points = _points(walk, begin)
    for row in _rows(points, zone):
        if not row.closed:
            continue
        found = period(points, row.start_ts, row.end_ts, _HOURLY)
        assert row.energy_kwh == found.energy_kwh
        assert (row.start_register, row.end_register) == (
            found.start_register,
            found.end_register,
        )
        assert (row.start_quality, row.end_quality) == (
            found.start_quality,
            found.end_quality,
        )
        assert row.coverage == found.coverage


@given(_WALKS, st.lists(st.integers(0, 20), max_size=6, unique=True), _ZONES)
def test_rows_hold_the_same_energy_with_fewer_readings(
    walk: list[tuple[int, int]], left_out: list[int], zone: ZoneInfo
) -> None:
    """Readings inside a gap say when its energy was used, and not how much it was."""
    points = _points(walk)
    inner = set(left_out) - {0, len(points) - 1}
    fewer = [point for n, point in enumerate(points) if n not in inner]
    for grain in ("hour", "day", "month"):
        whole = [row for row in _rows(points, zone) if row.grain == grain]
        coarse = [row for row in _rows(fewer, zone) if row.grain == grain]
        assert _sum(whole) == _sum(coarse) == points[-1].total_kwh - points[0].total_kwh


@given(_WALKS, st.lists(st.integers(0, 20), max_size=6, unique=True))
def test_registers_inside_a_gap_do_not_change_what_was_counted(
    walk: list[tuple[int, int]], left_out: list[int]
) -> None:
    """A register that counts up gives the same total however often it is read."""
    readings = [
        Reading(ts=point.ts, register_kwh=point.total_kwh) for point in _points(walk)
    ]
    inner = set(left_out) - {0, len(readings) - 1}
    fewer = [each for n, each in enumerate(readings) if n not in inner]
    limits = Limits(max_kw=Decimal(100_000_000))
    assert unwrap(readings, limits).energy_kwh == unwrap(fewer, limits).energy_kwh


@given(
    walk=_WALKS,
    at=st.integers(1, 20 * _DAY_S),
    initial=st.integers(0, 10**6),
    is_known=st.booleans(),
)
def test_segments_of_a_replaced_meter_add_up(
    *, walk: list[tuple[int, int]], at: int, initial: int, is_known: bool
) -> None:
    """The old meter to its end and the new one from its beginning are the whole."""
    readings = [
        Reading(ts=point.ts, register_kwh=point.total_kwh) for point in _points(walk)
    ]
    # At the very instant of the event a reading would say more than the event.
    swap = _BEGIN + timedelta(seconds=at, milliseconds=500)
    shift = Decimal(initial) - readings[0].register_kwh
    readings = [
        msgspec.structs.replace(r, register_kwh=r.register_kwh + shift)
        if r.ts >= swap
        else r
        for r in readings
    ]
    old = [r for r in readings if r.ts < swap]
    final = old[-1].register_kwh + 1 if is_known else None
    event = MeterEvent(ts=swap, old_kwh=final, new_kwh=final and final + shift)
    limits = Limits(max_kw=Decimal(100_000_000))
    points = unwrap(readings, limits, events=[event]).points
    parts = [
        period(points, start, end, _HOURLY).energy_kwh or Decimal(0)
        for start, end in (
            (points[0].ts, swap),
            (swap, max(swap, points[-1].ts)),
        )
    ]
    assert sum(parts) == points[-1].total_kwh - points[0].total_kwh
    if is_known:
        assert parts[0] == old[-1].register_kwh + 1 - old[0].register_kwh
