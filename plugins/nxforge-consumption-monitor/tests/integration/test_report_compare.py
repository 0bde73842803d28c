"""Summaries of any period, and fair comparisons: per hour, same elapsed time."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

import pytest

from nxforge_consumption_monitor import routes
from nxforge_core.api import InvalidInputError

_START: Final = datetime(2025, 2, 1, tzinfo=UTC)


async def _steady(monitor: Any, days: int, *, name: str = "a", **members: Any) -> Any:
    """Two readings a day from the first of February on: 1 kW, in March 2 kW."""
    monitor.clock.instant = _START
    view = await monitor.add(name, interval_s=43_200, **members)
    total = Decimal(1000)
    for _ in range(2 * days + 1):
        monitor.show(name, str(total))
        await monitor.round(endpoint_ids=[view.id])
        total += 24 if monitor.clock.now().month == 3 else 12
        monitor.clock.pass_by(hours=12)
    monitor.clock.pass_by(hours=-12)
    return view


async def test_months_of_other_length_compare_per_hour(monitor: Any) -> None:
    """March has 743 hours in Bucharest: twice the load is 100 % more per hour."""
    await _steady(monitor, 70, tz="Europe/Bucharest")
    march = await routes.summary(monitor.ctx, "month", "2025-03-15", "previous")
    [row] = march.endpoints
    assert (march.hours, row.comparison.hours) == (743, 672)
    # The first two hours of March in Bucharest still are February in UTC: 1 kW.
    assert row.consumption == 2 + 2 * 741
    assert row.comparison.with_ == "previous"
    february = await routes.summary(monitor.ctx, "month", "2025-02-15")
    assert row.comparison.energy_kwh == february.total_consumption
    assert row.comparison.change_percent > row.comparison.change_percent_per_hour
    assert march.comparison.missing == []
    assert march.comparison.change_percent == row.comparison.change_percent


async def test_running_month_compares_with_the_same_elapsed_time(monitor: Any) -> None:
    """Ten days of March stand beside ten days of February, not beside all of it."""
    await _steady(monitor, 38, tz="UTC")
    monitor.settings = type(monitor.settings)(time_zone="UTC")
    answer = await routes.summary(monitor.ctx, "month", compare="previous")
    [row] = answer.endpoints
    assert (row.consumption, row.comparison.energy_kwh) == (480, 240)
    assert row.comparison.change_percent == row.comparison.change_percent_per_hour
    assert row.comparison.change_percent == 100
    assert row.comparison.end_date == datetime(2025, 2, 11, tzinfo=UTC)


async def test_rolling_day_compares_with_the_day_before(monitor: Any) -> None:
    """It ends now, and the other one ends where it begins."""
    await _steady(monitor, 29, tz="UTC")
    answer = await routes.summary(monitor.ctx, "day", compare="previous")
    [row] = answer.endpoints
    assert (row.consumption, row.comparison.energy_kwh) == (48, 24)
    assert row.comparison.end_date == answer.start_date


async def test_last_year_outlives_the_readings(monitor: Any) -> None:
    """Where the readings are deleted the kept hours tell the same."""
    await _steady(monitor, 45, tz="UTC")
    monitor.settings = type(monitor.settings)(time_zone="UTC")
    monitor.clock.instant = datetime(2026, 3, 11, tzinfo=UTC)
    await monitor.pool.execute("delete from reading")
    answer = await routes.summary(monitor.ctx, "month", compare="lastYear")
    [row] = answer.endpoints
    assert (row.quality, row.consumption) == (None, 0)
    assert (row.comparison.energy_kwh, row.comparison.change_percent) == (480, None)
    assert answer.comparison.missing == ["a"]
    assert answer.comparison.energy_kwh is None


@pytest.mark.parametrize(
    ("period", "date", "hours", "kwh"),
    [
        ("hour", "2025-03-05T09:30Z", 1, 2),
        ("day", "2025-03-05", 24, 48),
        ("week", "2025-03-05", 168, 336),
        ("year", "2025-12-31", None, 1248),
    ],
)
async def test_any_period_can_be_asked_for_by_a_date_in_it(
    monitor: Any, period: str, date: str, hours: int | None, kwh: int
) -> None:
    """The calendar is that of the endpoint."""
    await _steady(monitor, 40, tz="UTC")
    monitor.settings = type(monitor.settings)(time_zone="UTC")
    answer = await routes.summary(monitor.ctx, period, date)
    assert answer.total_consumption == kwh
    if hours is not None:
        assert answer.hours == hours


async def test_groups_and_feeds_have_sums_of_their_own(monitor: Any) -> None:
    """A member of which nothing is known is named, and B is unknown, not 0."""
    first = await _steady(monitor, 3, external_ref="feed:A")
    silent = await monitor.add("b", enabled=False, external_ref="feed:B")
    await monitor.pool.execute(
        "insert into endpoint_group (id, name, kind, tz)"
        " values ($1, 'R1', 'rack', 'UTC')",
        group := str(uuid4()),
    )
    await monitor.pool.execute(
        "update endpoint set group_id = $1 where id = any($2::uuid[])",
        group,
        [first.id, silent.id],
    )
    answer = await routes.summary(monitor.ctx, "day")
    [one] = answer.groups
    assert (one.group_name, one.consumption, one.missing) == ("R1", 24, ["b"])
    sums = answer.feed_sums
    assert (sums.a_kwh, sums.b_kwh, sums.both_kwh) == (24, None, None)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("date", {"date": "yesterday"}),
        ("compare", {"compare": "nextYear"}),
        ("period", {"period": "decade", "date": "2025-03-05"}),
    ],
)
async def test_what_is_no_period_is_named(
    monitor: Any, field: str, given: dict[str, str]
) -> None:
    """The error names the member of the query."""
    with pytest.raises(InvalidInputError) as caught:
        await routes.summary(monitor.ctx, **given)
    assert caught.value.field == field
