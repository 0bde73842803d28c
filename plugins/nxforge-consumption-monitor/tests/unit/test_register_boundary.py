"""The register at an instant: worked examples, estimates, rounding."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.register import (
    Cadence,
    NaiveInstantError,
    Point,
    register_at,
    trailing_mean_kw,
)

SHARED = Path(__file__).parents[5] / "shared"
CASES = [
    case
    for case in json.loads((SHARED / "golden/vectors.json").read_text())["boundaries"]
    if "boundary" in case
]
NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def point(hours: float, total: str) -> Point:
    """A good reading some hours after noon."""
    return Point(NOON + HOUR * hours, Decimal(total))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_register_at_equals_the_worked_example(case: dict[str, Any]) -> None:
    """Value, quality and reason of every worked example are met exactly."""
    points = [
        Point(datetime.fromisoformat(ts), Decimal(total))
        for ts, total in case["readings"]
    ]
    mean = case.get("trailing_7d_avg_kw")
    found = register_at(
        points,
        datetime.fromisoformat(case["boundary"]),
        Cadence(),
        trailing_kw=None if mean is None else Decimal(mean),
    )
    expected = case["expected"]
    assert found is not None
    assert found.total_kwh == Decimal(expected["register_kwh"])
    assert found.quality == expected["quality"]
    assert found.reason == expected.get("reason", found.reason)


def test_register_at_is_none_without_readings() -> None:
    """Nothing known is not zero."""
    assert register_at([], NOON, Cadence()) is None


def test_register_at_is_the_first_reading_when_asked_for_an_earlier_instant() -> None:
    """There is no extrapolation into the past."""
    found = register_at([point(0, "5")], NOON - HOUR, Cadence(), trailing_kw=Decimal(1))
    assert found is not None
    assert (found.ts, found.total_kwh) == (NOON, Decimal(5))
    assert found.reason == "no_earlier_reading"


def test_register_at_is_the_last_reading_when_there_is_no_mean_to_go_on_with() -> None:
    """The current day ends at its last reading."""
    found = register_at([point(0, "5")], NOON + HOUR, Cadence())
    assert found is not None
    assert (found.ts, found.total_kwh) == (NOON, Decimal(5))
    assert found.reason == "no_later_reading"


@pytest.mark.parametrize(
    ("interval_s", "distance_min", "quality"),
    [
        (300, 15, "measured"),
        (300, 15.1, "estimated"),
        (3600, 90, "measured"),
        (3600, 91, "estimated"),
    ],
)
def test_register_at_is_measured_within_the_tolerance(
    interval_s: int, distance_min: float, quality: str
) -> None:
    """15 minutes, or one and a half intervals where that is longer."""
    points = [point(0, "5"), point(distance_min / 60 + 0.01, "6")]
    cadence = Cadence(timedelta(seconds=interval_s))
    at = NOON + timedelta(minutes=distance_min)
    found = register_at(points, at, cadence)
    assert found is not None
    assert found.quality == quality


def test_register_at_is_manual_when_a_neighbour_was_typed_in() -> None:
    """A person's reading does not become the device's by interpolation."""
    points = [Point(NOON, Decimal(1), "manual"), point(0.2, "2")]
    found = register_at(points, NOON + HOUR / 10, Cadence())
    assert found is not None
    assert found.quality == "manual"


@pytest.mark.parametrize(
    ("end", "expected"), [("0.000001", "0.000000"), ("0.000003", "0.000002")]
)
def test_register_at_rounds_half_to_even(end: str, expected: str) -> None:
    """A half in the seventh decimal goes to the even sixth."""
    found = register_at([point(0, "0"), point(0.2, end)], NOON + HOUR / 10, Cadence())
    assert found is not None
    assert found.total_kwh == Decimal(expected)


def test_register_at_keeps_all_digits_of_a_reading() -> None:
    """Only interpolated values are rounded."""
    found = register_at([point(0, "1.12345678")], NOON, Cadence())
    assert found is not None
    assert found.total_kwh == Decimal("1.12345678")


def test_register_at_measures_real_time_when_the_clocks_change() -> None:
    """Local times of one zone are not subtracted by their wall clocks."""
    zone = ZoneInfo("Europe/Bucharest")
    points = [
        Point(datetime(2025, 3, 29, 22, tzinfo=UTC), Decimal(0)),
        Point(datetime(2025, 3, 30, 21, tzinfo=UTC), Decimal(23)),
    ]
    found = register_at(points, datetime(2025, 3, 30, 12, tzinfo=zone), Cadence())
    assert found is not None
    assert found.total_kwh == 11


def test_register_at_refuses_an_instant_without_offset() -> None:
    """A wall clock time could be any hour of the day."""
    with pytest.raises(NaiveInstantError):
        register_at([point(0, "1")], NOON.replace(tzinfo=None), Cadence())


def test_trailing_mean_is_of_the_last_seven_days() -> None:
    """What was before the week does not count, also inside an interval."""
    points = [point(-240, "0"), point(-96, "1440"), point(0, "1536")]
    assert trailing_mean_kw(points) == (96 + 72 * 10) / Decimal(168)


def test_trailing_mean_is_of_what_there_is_when_the_week_is_not_full() -> None:
    """A young endpoint is estimated by its few hours."""
    assert trailing_mean_kw([point(0, "0"), point(4, "10")]) == Decimal("2.5")


@pytest.mark.parametrize("points", [[], [point(0, "1")]])
def test_trailing_mean_is_none_without_two_readings(points: list[Point]) -> None:
    """One register says nothing about the load."""
    assert trailing_mean_kw(points) is None


@given(
    st.lists(st.integers(0, 10**8), min_size=2, max_size=8),
    st.lists(st.integers(0, 7 * 3600), min_size=2, max_size=20),
)
def test_register_at_never_falls(steps: list[int], instants: list[int]) -> None:
    """Later instants have no smaller register, rounding included."""
    points, total = [], Decimal(0)
    for hours, grown in enumerate(steps):
        total += Decimal(grown).scaleb(-8)
        points.append(Point(NOON + HOUR * hours, total))
    found = [
        register_at(points, NOON + timedelta(seconds=s), Cadence())
        for s in sorted(instants)
    ]
    totals = [boundary.total_kwh for boundary in found if boundary is not None]
    assert len(totals) == len(instants)
    assert totals == sorted(totals)
