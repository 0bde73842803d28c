"""Local calendar periods as UTC instants: worked examples and the odd zones."""

from __future__ import annotations

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
    Grain,
    NaiveInstantError,
    Point,
    Span,
    local_day,
    local_midnight,
    period,
    span_at,
    span_of,
    spans_between,
)

VECTORS = json.loads(
    (Path(__file__).parents[5] / "shared/golden/vectors.json").read_text()
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZONES = [
    "UTC",
    "Europe/Bucharest",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Toronto",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
]


def utc(text: str) -> datetime:
    """An instant of UTC from its ISO text without offset."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "case", VECTORS["local_days"], ids=lambda case: f"{case['tz']}-{case['day']}"
)
def test_day_equals_the_worked_example(case: dict[str, str]) -> None:
    """Start, end, hours and the energy of a constant load of 2 kW are met exactly."""
    span = span_of("day", date.fromisoformat(case["day"]), ZoneInfo(case["tz"]))
    assert span.start == datetime.fromisoformat(case["start"])
    assert span.end == datetime.fromisoformat(case["end"])
    assert span.hours == Decimal(case["hours"])
    begin = span.start - timedelta(days=1)
    steady = [Point(begin + timedelta(hours=n), Decimal(2 * n)) for n in range(75)]
    found = period(steady, span.start, span.end, Cadence(timedelta(hours=1)))
    assert found.energy_kwh == Decimal(case["constant_2kW_kwh"])


@pytest.mark.parametrize(
    "case", VECTORS["local_months"], ids=lambda case: f"{case['tz']}-{case['month']}"
)
def test_month_equals_the_worked_example(case: dict[str, str]) -> None:
    """Start, end and hours of every worked month are met exactly."""
    day = date.fromisoformat(f"{case['month']}-15")
    span = span_of("month", day, ZoneInfo(case["tz"]))
    assert span.start == datetime.fromisoformat(case["start"])
    assert span.end == datetime.fromisoformat(case["end"])
    assert span.hours == Decimal(case["hours"])


def test_midnight_is_the_jump_when_the_clocks_leap_over_it() -> None:
    """Toronto went from 23:30 to 00:30 on 30 March 1919: the 31st began at 00:30."""
    found = local_midnight(date(1919, 3, 31), ZoneInfo("America/Toronto"))
    assert found == utc("1919-03-31T04:30")


def test_midnight_is_the_first_one_when_it_comes_twice() -> None:
    """Havana goes from 01:00 back to 00:00."""
    span = span_of("day", date(2024, 11, 3), ZoneInfo("America/Havana"))
    assert span == Span(utc("2024-11-03T04:00"), utc("2024-11-04T05:00"))
    assert span.hours == 25


def test_day_goes_on_when_the_clocks_go_back_over_midnight() -> None:
    """St. John's went from 00:01 back to 23:01: the day that had begun goes on."""
    zone = ZoneInfo("America/St_Johns")
    found = span_at("day", utc("2010-11-07T03:00"), zone)
    assert local_day(utc("2010-11-07T03:00"), zone) == date(2010, 11, 6)
    assert found == Span(utc("2010-11-07T02:30"), utc("2010-11-08T03:30"))


@pytest.mark.parametrize(
    ("grain", "start", "end"),
    [
        ("hour", "2025-12-31T22:00", "2025-12-31T23:00"),
        ("day", "2025-12-31T22:00", "2026-01-01T22:00"),
        ("week", "2025-12-28T22:00", "2026-01-04T22:00"),
        ("month", "2025-12-31T22:00", "2026-01-31T22:00"),
        ("year", "2025-12-31T22:00", "2026-12-31T22:00"),
    ],
)
def test_span_at_holds_the_instant(grain: Grain, start: str, end: str) -> None:
    """Half past midnight of New Year in Bucharest is still December in UTC."""
    found = span_at(grain, utc("2025-12-31T22:30"), ZoneInfo("Europe/Bucharest"))
    assert found == Span(utc(start), utc(end))


def test_span_of_december_ends_with_the_year() -> None:
    """The month after December is January."""
    span = span_of("month", date(2025, 12, 31), ZoneInfo("UTC"))
    assert span == Span(utc("2025-12-01"), utc("2026-01-01"))


def test_hours_are_those_of_utc_in_a_zone_of_half_hours() -> None:
    """One grid of hours for all endpoints."""
    found = span_at("hour", utc("2025-01-01T10:59"), ZoneInfo("Asia/Kathmandu"))
    assert found == Span(utc("2025-01-01T10:00"), utc("2025-01-01T11:00"))


def test_spans_leave_out_the_day_that_a_zone_skipped() -> None:
    """Samoa had no 30 December 2011."""
    zone = ZoneInfo("Pacific/Apia")
    spans = spans_between("day", utc("2011-12-29T10:00"), utc("2012-01-01T10:00"), zone)
    days = [local_day(span.start, zone).isoformat() for span in spans]
    assert days == ["2011-12-29", "2011-12-31", "2012-01-01"]


def test_spans_are_none_for_no_time() -> None:
    """A period of no length shares no time with any other."""
    noon = utc("2025-06-01T12:00")
    assert list(spans_between("day", noon, noon, ZoneInfo("UTC"))) == []


def test_calendar_refuses_an_instant_without_offset() -> None:
    """The time zone of the host never decides."""
    with pytest.raises(NaiveInstantError):
        span_at("day", datetime(2025, 6, 1), ZoneInfo("UTC"))  # noqa: DTZ001  what is refused


@given(
    st.sampled_from(ZONES),
    st.sampled_from(["hour", "day", "week", "month", "year"]),
    st.integers(-30_000_000, 45_000_000).map(lambda n: EPOCH + n * MINUTE),
    st.integers(0, 60 * 60),
)
def test_spans_follow_each_other_without_a_hole(
    name: str, grain: Grain, start: datetime, minutes: int
) -> None:
    """The periods of a grain are a partition of time in every zone."""
    end = start + timedelta(minutes=minutes)
    spans = list(spans_between(grain, start, end, ZoneInfo(name)))
    assert all(span.start < span.end for span in spans)
    assert all(a.end == b.start for a, b in pairwise(spans))
    if spans:
        assert spans[0].start <= start < spans[0].end
        assert spans[-1].start < end <= spans[-1].end
