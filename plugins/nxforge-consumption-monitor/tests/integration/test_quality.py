"""How well a day is known: every figure from what really came."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_core.api import InvalidInputError, UnknownItemError

_DAY: Final = datetime(2025, 3, 10, tzinfo=UTC)


@pytest.fixture
async def day(monitor: Any) -> Any:
    """A day of hourly readings: four missing, four frozen, a glitch, two failures."""
    monitor.settings = type(monitor.settings)(time_zone="UTC")
    monitor.clock.instant = _DAY
    view = await monitor.add("a", tz="UTC", interval_s=3600)
    await monitor.pool.execute("update endpoint set created_at = $1", _DAY)
    register = 1000
    for hour in range(25):
        if hour in {6, 7, 8, 9}:
            monitor.clock.pass_by(hours=1)
            continue
        if hour in {3, 4}:
            monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
        elif hour == 12:
            monitor.show("a", "0")
        else:
            register += 0 if hour in {15, 16, 17} else 2
            monitor.show("a", str(register))
        await monitor.round(endpoint_ids=[view.id])
        monitor.clock.pass_by(hours=1)
    await monitor.pool.execute(
        "update reading set device_ts = ts + interval '90 seconds',"
        " rule_version = case when ts < $1 then 1 else 2 end",
        _DAY + timedelta(hours=20),
    )
    monitor.view = view
    return monitor


async def test_day_is_judged_by_what_came(day: Any) -> None:
    """Gaps, freezes, refusals, skew, errors and versions, each as it happened."""
    answer = await routes.quality(
        day.ctx, from_="2025-03-10T00:00Z", to="2025-03-11T00:00Z"
    )
    [one] = answer.days
    assert (one.expected, one.tz) == (24, "UTC")
    assert [(gap.start.hour, gap.seconds) for gap in one.gaps] == [
        (2, 3 * 3600),
        (5, 5 * 3600),
    ]
    assert one.gap_s == 8 * 3600
    assert (one.rejected, one.suspect) == (1, 0)
    assert (one.frozen_run, one.frozen_s) == (4, 3 * 3600)
    assert (one.failed, one.top_error) == (2, "http_status")
    assert one.clock_skew_s == 90
    assert one.rule_versions == 2
    assert one.coverage == Decimal("0.666667")
    share = 1 - one.estimated_kwh / one.energy_kwh
    assert one.score == (one.coverage * share).quantize(Decimal("0.000001"))
    assert answer.score == one.score


async def test_day_that_runs_is_judged_up_to_now(monitor: Any) -> None:
    """At six in the morning six hours are expected, and all of them came."""
    monitor.settings = type(monitor.settings)(time_zone="UTC")
    monitor.clock.instant = _DAY
    await monitor.add("a", tz="UTC", interval_s=3600)
    await monitor.pool.execute("update endpoint set created_at = $1", _DAY)
    for hour in range(7):
        monitor.show("a", str(100 + hour))
        await monitor.round()
        monitor.clock.pass_by(hours=1 if hour < 6 else 0)
    [one] = (await routes.quality(monitor.ctx, from_="2025-03-10T00:00Z")).days
    assert (one.expected, one.coverage, one.score, one.gaps) == (6, 1, 1, [])


async def test_silent_day_has_no_score_and_one_gap(day: Any) -> None:
    """Nothing came since midnight: the gap reaches to now."""
    day.clock.instant = _DAY + timedelta(days=1, hours=10)
    answer = await routes.quality(day.ctx, from_="2025-03-11T00:00Z")
    [one] = answer.days
    assert (one.coverage, one.score, one.energy_kwh) == (0, 0, None)
    [gap] = one.gaps
    assert (gap.end, gap.seconds) == (day.clock.now(), 10 * 3600)


async def test_quality_is_a_file_too(day: Any) -> None:
    """The same figures; the gaps as intervals."""
    answer = await routes.quality_csv(
        day.ctx, from_="2025-03-10T00:00Z", to="2025-03-11T00:00Z"
    )
    [row] = csv.DictReader(io.StringIO(bytes(answer.content).decode()))
    assert (row["endpointName"], row["day"], row["frozenRun"]) == (
        "a",
        "2025-03-10",
        "4",
    )
    assert row["gaps"] == (
        "2025-03-10T02:00:00+00:00/PT10800S 2025-03-10T05:00:00+00:00/PT18000S"
    )


async def test_more_than_a_statement_can_look_at_is_refused(monitor: Any) -> None:
    """The error says how many there may be."""
    await monitor.add("a", interval_s=5)
    with pytest.raises(InvalidInputError, match="from"):
        await routes.quality(monitor.ctx, from_="2024-01-01", to="2025-01-01")


@pytest.mark.parametrize("who", ["endpoint_id", "group"])
@pytest.mark.parametrize("given", ["nonsense", "0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11"])
async def test_unknown_subject_is_named(monitor: Any, who: str, given: str) -> None:
    """It is no empty list of days."""
    with pytest.raises(UnknownItemError):
        await routes.quality(monitor.ctx, **{who: given})
