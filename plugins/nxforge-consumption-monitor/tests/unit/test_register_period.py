"""The energy of periods: real data, gaps, partitions."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.register import (
    Cadence,
    Limits,
    Period,
    Point,
    Reading,
    period,
    span_of,
    spans_between,
    unwrap,
)

SHARED = Path(__file__).parents[5] / "shared"
DATA = SHARED / "fixtures/data"
LONDON = ZoneInfo("Europe/London")
HOURLY = Cadence(timedelta(hours=1))
NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a real data file."""
    with (DATA / name).open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def october() -> tuple[Point, ...]:
    """The unwrapped register of a British house in October 2021."""
    readings = [
        Reading(
            ts=datetime.fromisoformat(row["ts_utc"]),
            register_kwh=Decimal(row["register_kwh"]),
        )
        for row in rows("uk_hourly_register_2021-10_derived.csv")
    ]
    return unwrap(readings, Limits()).points


def test_period_equals_all_days_of_a_real_month(october: tuple[Point, ...]) -> None:
    """31 local days, one of 25 hours, to the last digit."""
    month = span_of("month", date(2021, 10, 1), LONDON)
    found = [
        (span.hours, period(october, span.start, span.end, HOURLY).energy_kwh)
        for span in spans_between("day", month.start, month.end, LONDON)
    ]
    expected = [
        (Decimal(row["hours"]), Decimal(row["energy_kwh"]))
        for row in rows("uk_hourly_register_2021-10_expected_daily.csv")
    ]
    assert len(found) == 31
    assert found == expected


def test_period_equals_a_real_month(october: tuple[Point, ...]) -> None:
    """745 hours, 116.932 kWh, all measured."""
    month = span_of("month", date(2021, 10, 1), LONDON)
    assert month.hours == 745
    assert period(october, month.start, month.end, HOURLY) == Period(
        energy_kwh=Decimal("116.932"),
        estimated_kwh=Decimal(0),
        start_register=Decimal("41730.000"),
        end_register=Decimal("41846.932"),
        start_quality="measured",
        end_quality="measured",
        since=month.start,
        until=month.end,
        coverage=Decimal(1),
    )


def test_period_estimates_the_days_of_a_gap_and_not_its_total() -> None:
    """B06: the energy of a gap is known, its distribution is not."""
    cases = json.loads((SHARED / "golden/vectors.json").read_text())["boundaries"]
    (case,) = (case for case in cases if case["id"] == "B06_gap_30h_split")
    points = [
        Point(datetime.fromisoformat(ts), Decimal(total))
        for ts, total in case["readings"]
    ]
    for day, expected in case["expected"]["days"].items():
        span = span_of("day", date.fromisoformat(day), ZoneInfo("UTC"))
        part = period(points, span.start, span.end, Cadence())
        assert part.energy_kwh == Decimal(expected["energy_kwh"])
        assert part.estimated_kwh == Decimal(expected["estimated_kwh"])
        assert part.energy_kwh - part.estimated_kwh == Decimal(expected["measured_kwh"])
        assert part.coverage == 0
    whole = period(points, points[0].ts, points[-1].ts, Cadence())
    assert whole.energy_kwh == Decimal(case["expected"]["total_kwh"])
    assert whole.quality == case["expected"]["total_quality"]
    assert whole.estimated_kwh == 0


def gapped() -> list[Point]:
    """1 kW read hourly, but for the six hours after the fourth reading."""
    hours = [0, 1, 2, 3, 9, 10, 11]
    return [Point(NOON + HOUR * n, Decimal(n)) for n in hours]


def test_period_covers_only_the_time_between_readings_without_a_gap() -> None:
    """Coverage is the share of time, not of readings."""
    found = period(gapped(), NOON, NOON + 12 * HOUR, HOURLY)
    assert found.coverage == Decimal("0.416667")
    assert found.until == NOON + 11 * HOUR
    assert found.energy_kwh == 11
    assert found.mean_kw == 1


def test_period_estimates_both_ends_when_one_gap_holds_them() -> None:
    """A bucket inside a gap is estimated once, altogether."""
    found = period(gapped(), NOON + 5 * HOUR, NOON + 7 * HOUR, HOURLY)
    assert found.energy_kwh == found.estimated_kwh == 2
    assert found.quality == "estimated"
    assert found.coverage == 0


@pytest.mark.parametrize(
    ("start", "end", "estimated", "quality"),
    [(1, 5, 2, "mixed"), (5, 11, 4, "mixed"), (1, 11, 0, "measured")],
)
def test_period_estimates_the_part_of_a_gap_that_reaches_beyond_it(
    start: int, end: int, estimated: int, quality: str
) -> None:
    """Only what the neighbouring period shares with the gap is uncertain."""
    found = period(gapped(), NOON + HOUR * start, NOON + HOUR * end, HOURLY)
    assert found.estimated_kwh == estimated
    assert found.quality == quality


def test_period_goes_on_with_the_trailing_mean_after_the_last_reading() -> None:
    """The rest of a month is a forward estimate and says so."""
    found = period(gapped(), NOON, NOON + 15 * HOUR, HOURLY, trailing_kw=Decimal("2.5"))
    assert found.energy_kwh == 21
    assert found.estimated_kwh == 10
    assert (found.start_quality, found.end_quality) == ("measured", "forward_estimate")


def test_period_begins_at_the_first_reading_when_there_is_none_before() -> None:
    """No energy is invented for the time before."""
    found = period(gapped(), NOON - 2 * HOUR, NOON + 2 * HOUR, HOURLY)
    assert found.energy_kwh == 2
    assert (found.since, found.until) == (NOON, NOON + 2 * HOUR)
    assert found.coverage == Decimal("0.5")


@pytest.mark.parametrize(("start", "end"), [(-2, -1), (-1, 0), (11, 12), (20, 30)])
def test_period_is_unknown_when_no_time_of_it_is_known(start: int, end: int) -> None:
    """Unknown is not zero."""
    found = period(gapped(), NOON + HOUR * start, NOON + HOUR * end, HOURLY)
    assert (found.energy_kwh, found.start_register, found.quality) == (None, None, None)
    assert found.mean_kw is None


def test_period_is_unknown_without_readings() -> None:
    """Unknown is not zero."""
    assert period([], NOON, NOON + HOUR, HOURLY).energy_kwh is None


def test_period_is_empty_when_it_has_no_length() -> None:
    """A day that the zone skipped has no energy, no mean and no coverage."""
    found = period(gapped(), NOON + HOUR, NOON + HOUR, HOURLY)
    assert found.energy_kwh == 0
    assert found.coverage == 0
    assert found.mean_kw is None


STEPS = st.lists(
    st.tuples(st.integers(1, 20_000), st.integers(0, 10**9)), min_size=1, max_size=12
)


def walked(steps: list[tuple[int, int]]) -> list[Point]:
    """Points some seconds and some 10^-8 kWh apart."""
    ts, total, points = NOON, Decimal("41730.12345678"), []
    for seconds, grown in steps:
        ts += timedelta(seconds=seconds)
        total += Decimal(grown).scaleb(-8)
        points.append(Point(ts, total))
    return points


@given(
    STEPS,
    st.lists(st.integers(-4000, 100_000), min_size=2, max_size=12, unique=True),
    st.sampled_from([None, Decimal("0.7")]),
)
def test_parts_of_any_partition_add_up(
    steps: list[tuple[int, int]], cuts: list[int], trailing_kw: Decimal | None
) -> None:
    """The energies of neighbouring periods are the energy of the whole, exactly."""
    points = walked(steps)
    instants = [NOON + timedelta(seconds=cut) for cut in sorted(cuts)]
    parts = [
        period(points, start, end, Cadence(), trailing_kw=trailing_kw).energy_kwh
        for start, end in pairwise(instants)
    ]
    whole = period(
        points, instants[0], instants[-1], Cadence(), trailing_kw=trailing_kw
    )
    assert sum(part or Decimal(0) for part in parts) == (whole.energy_kwh or 0)


@given(STEPS, st.integers(-4000, 100_000), st.integers(0, 100_000))
def test_estimated_energy_is_a_part_of_the_energy(
    steps: list[tuple[int, int]], begin: int, length: int
) -> None:
    """No more is estimated than there is, and coverage is a share."""
    start = NOON + timedelta(seconds=begin)
    found = period(
        walked(steps),
        start,
        start + timedelta(seconds=length),
        Cadence(),
        trailing_kw=Decimal(3),
    )
    assert 0 <= found.estimated_kwh <= (found.energy_kwh or 0)
    assert 0 <= found.coverage <= 1


@given(STEPS.filter(lambda steps: len(steps) > 2))
def test_readings_inside_a_gap_do_not_change_its_total(
    steps: list[tuple[int, int]],
) -> None:
    """What arrives late tells how the energy lay in the gap, not how much it was."""
    points = walked(steps)
    start, end = points[0].ts, points[-1].ts
    with_gap = period([points[0], points[-1]], start, end, Cadence())
    assert period(points, start, end, Cadence()).energy_kwh == with_gap.energy_kwh


@given(
    STEPS,
    st.sampled_from(
        ["Europe/Bucharest", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
    ),
)
def test_days_add_up_to_the_month_in_every_zone(
    steps: list[tuple[int, int]], name: str
) -> None:
    """Also where the offset is not in whole hours."""
    zone, points = ZoneInfo(name), walked(steps)
    month = span_of("month", date(2025, 6, 1), zone)
    days = [
        period(points, span.start, span.end, Cadence()).energy_kwh
        for span in spans_between("day", month.start, month.end, zone)
    ]
    whole = period(points, month.start, month.end, Cadence()).energy_kwh
    assert sum(day or Decimal(0) for day in days) == (whole or 0)
