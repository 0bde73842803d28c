"""Minimum, maximum and mean of quarters, hours and days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_temperature_monitor.rollups import (
    Rollup,
    Span,
    Totals,
    merge,
    quarter_of,
)

START = datetime(2026, 3, 28, 22, tzinfo=UTC)
VALUES = st.lists(st.decimals("-50", "120", places=3), min_size=1, max_size=40)
BERLIN = ZoneInfo("Europe/Berlin")


def totals_of(values: list[Decimal]) -> Totals:
    """One by one, as readings come."""
    first, *rest = values
    totals = Totals.of(first)
    for value in rest:
        totals = Totals.of(value).plus(totals)
    return totals


@given(VALUES)
def test_totals_are_those_of_all_readings(values: list[Decimal]) -> None:
    """However many come: the extremes and the mean of them all, to the thousandth."""
    totals = totals_of(values)

    assert (totals.low, totals.high) == (min(values), max(values))
    assert totals.count == len(values)
    assert abs(totals.mean - sum(values) / len(values)) <= Decimal("0.0005")
    assert totals.low <= totals.mean <= totals.high


@given(VALUES, VALUES)
def test_parts_put_together_are_the_whole(
    first: list[Decimal], second: list[Decimal]
) -> None:
    """A mean of two parts is the mean of all their readings, not of two means."""
    assert totals_of(first).plus(totals_of(second)) == totals_of(first + second)


@given(st.datetimes(timezones=st.just(BERLIN)))
def test_quarter_begins_at_most_fifteen_minutes_before(at: datetime) -> None:
    """In UTC, at 0, 15, 30 or 45 minutes."""
    start = quarter_of(at)

    assert start.minute % 15 == 0
    assert timedelta(0) <= at.astimezone(UTC) - start < timedelta(minutes=15)


def quarters(hours: int) -> list[Rollup]:
    """One reading in each quarter, from the evening before a change of the clocks."""
    return [
        Rollup("room", START + n * timedelta(minutes=15), Totals.of(Decimal(n)))
        for n in range(4 * hours)
    ]


@pytest.mark.parametrize(
    ("zone", "span", "counts"),
    [
        ("UTC", "hour", [4] * 30),
        ("UTC", "day", [8, 96, 16]),
        ("Europe/Berlin", "day", [4, 92, 24]),
        ("Asia/Kolkata", "day", [82, 38]),
        ("Asia/Kolkata", "hour", [2, *[4] * 29, 2]),
        ("Europe/Berlin", "quarter", [1] * 120),
    ],
)
def test_hours_and_days_are_those_of_the_zone(
    zone: str, span: Span, counts: list[int]
) -> None:
    """The day of the change has 23 hours in Berlin; India's begin at half past."""
    found = merge(quarters(30), span, ZoneInfo(zone))

    assert [each.totals.count for each in found] == counts
    assert [each.start for each in found] == sorted(each.start for each in found)


def test_sensors_are_kept_apart() -> None:
    """What two sensors measured at a time is two rollups."""
    one, two = Totals.of(Decimal(20)), Totals.of(Decimal(30))

    found = merge([Rollup("a", START, one), Rollup("b", START, two)], "day", BERLIN)

    assert [(each.sensor, each.totals) for each in found] == [("a", one), ("b", two)]
