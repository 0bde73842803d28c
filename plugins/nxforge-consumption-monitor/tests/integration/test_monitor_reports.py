"""Pages of readings, summaries, months: exact sums and named errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.collect import CleanupParams, clean_up
from nxforge_core.api import InvalidInputError


async def _hours(monitor: Any, name: str, count: int, **members: Any) -> Any:
    view = await monitor.add(name, interval_s=3600, **members)
    for hour in range(count):
        monitor.show(name, str(100 + hour), "1")
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    return view


async def test_pages_follow_each_other_without_gap_or_double(monitor: Any) -> None:
    """The cursor walks through all rows once, newest first."""
    await _hours(monitor, "a", 5)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    await _hours(monitor, "b", 2)
    seen, cursor = [], None
    for _ in range(10):
        page = await routes.readings(monitor.ctx, limit="3", cursor=cursor)
        seen += page.data
        cursor = page.meta.next_cursor
        if cursor is None:
            break
    whole = await routes.readings(monitor.ctx)
    assert [row.id for row in seen] == [row.id for row in whole.data]
    assert len({row.id for row in seen}) == whole.meta.total
    assert sorted((r.timestamp for r in seen), reverse=True) == [
        r.timestamp for r in seen
    ]


async def test_readings_are_filtered_by_endpoint_time_and_success(
    monitor: Any,
) -> None:
    """Each filter leaves out what it says, and the total counts what is left."""
    view = await _hours(monitor, "a", 5)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    ctx = monitor.ctx
    good = await routes.readings(ctx, endpoint_id=view.id, success="true", limit="2")
    assert ([row.success for row in good.data], good.meta.total) == ([True, True], 5)
    bad = await routes.readings(ctx, success="false")
    assert [(row.outcome, row.total_kwh) for row in bad.data] == [("http_status", None)]
    part = await routes.readings(
        ctx, from_="2025-03-10T13:00:00Z", to="2025-03-10T15:00:00Z"
    )
    assert [row.total_kwh for row in part.data] == [102, 101]
    other = await routes.readings(
        ctx, endpoint_id="0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11"
    )
    assert (other.data, other.meta.total) == ([], 0)


async def test_summary_counts_energy_from_the_period_boundary(monitor: Any) -> None:
    """The energy between the last reading before the period and the first in it is
    divided at the boundary, not lost.
    """  # noqa: D205  # one sentence on two lines
    await _hours(monitor, "a", 30)
    monitor.clock.pass_by(minutes=-30)
    day = await routes.summary(monitor.ctx, "day")
    [row] = day.endpoints
    assert row.consumption == day.total_consumption == Decimal("23.5")
    assert (row.avg_power, row.reading_count) == (Decimal(1000), 24)
    hour = await routes.summary(monitor.ctx, "hour")
    assert hour.total_consumption == Decimal("0.5")


@pytest.mark.parametrize("period", ["week", "month", "year"])
async def test_summary_of_a_period_longer_than_the_data_is_all_of_it(
    monitor: Any, period: str
) -> None:
    """It begins at the first reading and claims no more: coverage says so."""
    await _hours(monitor, "a", 5)
    answer = await routes.summary(monitor.ctx, period)
    assert (answer.period, answer.total_consumption) == (period, Decimal(4))
    assert 0 < answer.endpoints[0].coverage < 1


@pytest.mark.parametrize("period", ["century", "", "DAY"])
async def test_summary_of_an_unknown_period_is_refused(
    monitor: Any, period: str
) -> None:
    """The original answered a day instead; here the value is named."""
    with pytest.raises(InvalidInputError) as caught:
        await routes.summary(monitor.ctx, period)
    assert caught.value.field == "period"


async def test_days_of_a_month_and_months_of_a_year_add_up(monitor: Any) -> None:
    """Neighbouring months share their boundary: nothing is lost or counted twice."""
    monitor.clock.instant = datetime(2025, 1, 1, tzinfo=UTC)
    view = await monitor.add("a", interval_s=86_400)
    for day in range(100):
        monitor.show("a", f"{1000 + day * 3.7:.3f}")
        await monitor.round()
        monitor.clock.pass_by(days=1)
    months = [
        await routes.monthly(monitor.ctx, view.id, "2025", str(month))
        for month in range(1, 5)
    ]
    assert sum(each.consumption for each in months) == Decimal("366.3")
    year = await routes.summary(monitor.ctx, "year")
    assert year.total_consumption == Decimal("366.3")


@pytest.mark.parametrize(
    ("field", "year", "month"),
    [
        ("year", "20x5", "3"),
        ("month", "2025", "13"),
        ("month", "2025", "march"),
        ("month", None, "2025-00"),
        ("year", "2024", "2025-03"),
    ],
)
async def test_monthly_names_a_year_or_month_that_is_none(
    monitor: Any, field: str, year: str | None, month: str
) -> None:
    """A wrong text is an error of the caller, not an empty month."""
    view = await monitor.add("a")
    with pytest.raises(InvalidInputError) as caught:
        await routes.monthly(monitor.ctx, view.id, year, month)
    assert caught.value.field == field


async def test_cleanup_deletes_what_is_older_and_prepares_coming_months(
    monitor: Any,
) -> None:
    """Old readings and attempts go, new ones stay, and no month is unprepared."""
    await _hours(monitor, "a", 3)
    monitor.clock.pass_by(days=40)
    await monitor.round()
    result = await clean_up(monitor.job(), CleanupParams(retention_days=30))
    assert (result.deleted_count, result.deleted_attempts) == (3, 3)
    assert result.prepared_months > 0
    assert await monitor.pool.fetchval("select count(*) from reading") == 1
    assert await monitor.pool.fetchval("select count(*) from reading_default") == 0
    again = await clean_up(monitor.job(), CleanupParams())
    assert (again.deleted_count, again.prepared_months) == (0, 0)


async def test_reading_at_the_boundary_belongs_to_both_months_once(
    monitor: Any,
) -> None:
    """A reading exactly at midnight ends one month and begins the next."""
    start = datetime(2025, 1, 31, 12, tzinfo=UTC)
    monitor.clock.instant = start
    view = await monitor.add("a", tz="UTC", interval_s=43_200)
    for step in range(3):
        monitor.clock.instant = start + timedelta(hours=12 * step)
        monitor.show("a", str(10 + step))
        await monitor.round()
    january = await routes.monthly(monitor.ctx, view.id, "2025", "1")
    february = await routes.monthly(monitor.ctx, view.id, "2025", "2")
    assert (january.end_kwh, january.end_quality) == (Decimal(11), "measured")
    assert (january.consumption, february.consumption) == (Decimal(1), Decimal(1))
