"""October 2021 of a real household, read hour by hour by the real collection."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.export import endpoint_paper

_DATA: Final = Path(__file__).parents[4].parent / "shared/fixtures/data"
_READINGS: Final = _DATA / "uk_hourly_register_2021-10_derived.csv"
_EXPECTED: Final = _DATA / "uk_hourly_register_2021-10_expected_daily.csv"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


# 746 rounds, one after another.
@pytest.mark.timeout(180)
@pytest.mark.skipif(not _DATA.exists(), reason="the fixtures are not beside the folder")
async def test_october_equals_the_expected_days_to_the_last_digit(monitor: Any) -> None:
    """746 registers give 31 days, the last with 25 hours, and a month of 745."""
    readings = _rows(_READINGS)
    expected = _rows(_EXPECTED)
    monitor.clock.instant = datetime.fromisoformat(readings[0]["ts_utc"])
    view = await monitor.add("a", tz="Europe/London", interval_s=3600)
    for row in readings:
        monitor.clock.instant = datetime.fromisoformat(row["ts_utc"])
        monitor.show("a", row["register_kwh"])
        await monitor.round()

    paper = await endpoint_paper(monitor.ctx, view.id, None, "2021-10")

    days = {day.day: day.energy_kwh for day in paper.days}
    assert days == {
        date.fromisoformat(row["local_day_Europe_London"]): Decimal(row["energy_kwh"])
        for row in expected
    }
    report = await routes.monthly(monitor.ctx, view.id, month="2021-10")
    assert (report.consumption, report.hours) == (Decimal("116.932"), 745)
    assert sum(days.values(), Decimal(0)) == report.consumption
    [series] = (
        await routes.series(
            monitor.ctx,
            endpoint_ids=[view.id],
            from_="2021-09-30T23:00Z",
            to="2021-11-01T00:00Z",
            grain="day",
            fields="energy",
        )
    ).series
    assert series.energy.kwh == list(days.values())
    [line] = report.lines
    assert (line.coverage, line.is_open, line.estimated_kwh) == (1, False, 0)
