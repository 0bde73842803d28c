"""Hours, days and months as a fold over good readings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.register import Cadence
from nxforge_consumption_monitor.rollup import (
    GoodPoint,
    Plan,
    Rollup,
    RollupState,
    advance,
    fold,
    open_rollups,
)

_BEGIN = datetime(2025, 6, 1, tzinfo=UTC)
_UTC_PLAN = Plan(ZoneInfo("UTC"), Cadence(timedelta(minutes=5)))
_ZONES = ("UTC", "Europe/Bucharest", "Asia/Kathmandu", "Australia/Lord_Howe")


def _points(*pairs: tuple[float, str], power: str | None = None) -> list[GoodPoint]:
    kw = None if power is None else Decimal(power)
    return [
        GoodPoint(_BEGIN + timedelta(hours=hours), Decimal(kwh), power_kw=kw)
        for hours, kwh in pairs
    ]


def _all(points: list[GoodPoint], plan: Plan) -> list[Rollup]:
    state, rows = fold(points, plan)
    return rows + (open_rollups(state, plan) if state else [])


def _of(rows: list[Rollup], grain: str) -> list[Rollup]:
    return [row for row in rows if row.grain == grain]


def test_gap_is_measured_in_total_and_estimated_within() -> None:
    """B06: 60 kWh over a gap of 30 hours, 48 of them on the first day."""
    days = _of(_all(_points((0, "100"), (30, "160")), _UTC_PLAN), "day")
    assert [(day.energy_kwh, day.estimated_kwh) for day in days] == [
        (48, 48),
        (12, 12),
    ]
    assert [day.closed for day in days] == [True, False]
    assert days[0].end_register == days[1].start_register == Decimal("148.000000")
    assert days[0].coverage == 0
    assert days[0].avg_kw is None


def test_steady_load_has_its_mean_as_peak() -> None:
    """2 kW read every 5 minutes: full coverage, 12 readings, mean and peak 2 kW."""
    points = [
        GoodPoint(
            _BEGIN + timedelta(minutes=5 * n), Decimal(n) / 6, power_kw=Decimal(n % 3)
        )
        for n in range(13)
    ]
    hour = _of(_all(points, _UTC_PLAN), "hour")[0]
    assert (hour.energy_kwh, hour.avg_kw, hour.peak_kw_15m) == (2, 2, 2)
    assert (hour.readings, hour.expected, hour.coverage) == (12, 12, 1)
    assert (hour.peak_kw_sample, hour.min_kw, hour.peak_at) == (2, 0, _BEGIN)
    assert hour.closed


def test_single_reading_has_no_energy() -> None:
    """Unknown is not zero."""
    rows = _all(_points((1.5, "100")), _UTC_PLAN)
    assert [row.energy_kwh for row in rows] == [None, None, None]


@pytest.mark.parametrize(("gap_h", "expected"), [(1, Decimal("0.5")), (5, Decimal(0))])
def test_power_alone_is_integrated_except_over_a_gap(
    gap_h: int, expected: Decimal
) -> None:
    """From 0 to 1 kW in an hour is half a kWh; over a gap nothing is known."""
    plan = Plan(ZoneInfo("UTC"), Cadence(timedelta(hours=1)))
    points = [
        GoodPoint(_BEGIN, None, power_kw=Decimal(0)),
        GoodPoint(_BEGIN + timedelta(hours=gap_h), None, power_kw=Decimal(1)),
    ]
    [day] = _of(_all(points, plan), "day")
    assert (day.energy_kwh, day.start_register) == (expected, None)


def test_point_that_is_not_later_changes_nothing() -> None:
    """A reading can be folded once."""
    points = _points((0, "1"), (1, "2"))
    assert _all([*points, *points], _UTC_PLAN) == _all(points, _UTC_PLAN)


def test_break_of_a_register_is_counted_where_it_happened() -> None:
    """The hour, the day and the month with it show one event."""
    points = _points((0, "1"), (1.5, "2"), (2.5, "3"))
    points[1] = msgspec.structs.replace(points[1], events=1)
    hours = _of(_all(points, _UTC_PLAN), "hour")
    assert [hour.events for hour in hours] == [0, 1, 0]


_WALKS = st.lists(
    st.tuples(
        st.integers(1, 3 * 86_400),
        st.decimals(0, 100, places=7, allow_nan=False, allow_infinity=False),
    ),
    min_size=1,
    max_size=30,
)


@given(walk=_WALKS, zone=st.sampled_from(_ZONES), begin=st.integers(0, 400 * 86_400))
def test_parts_add_up_and_chunks_do_not_matter(
    walk: list[tuple[int, Decimal]], zone: str, begin: int
) -> None:
    """Days are their months; and reading by reading gives what all at once gives."""
    plan = Plan(ZoneInfo(zone), Cadence(timedelta(hours=1)))
    at, total = _BEGIN + timedelta(seconds=begin), Decimal(1000)
    points = [GoodPoint(at, total)]
    for seconds, energy in walk:
        at, total = at + timedelta(seconds=seconds), total + energy
        points.append(GoodPoint(at, total))
    rows = _all(points, plan)
    for grain in ("hour", "day", "month"):
        parts = _of(rows, grain)
        assert sum(row.energy_kwh or 0 for row in parts) == total - 1000
        assert all(one.end_ts == two.start_ts for one, two in pairwise(parts))
        assert all(0 <= row.coverage <= 1 for row in parts)

    state: RollupState | None = None
    kept: dict[tuple[str, datetime], Rollup] = {}
    for point in points:
        text = msgspec.json.encode(state)
        state, closed = advance(
            msgspec.json.decode(text, type=RollupState | None), point, plan
        )
        for row in (*closed, *open_rollups(state, plan)):
            kept[row.grain, row.start_ts] = row
    assert sorted(kept.values(), key=_key) == sorted(rows, key=_key)


def _key(row: Rollup) -> tuple[str, datetime]:
    return row.grain, row.start_ts
