"""Open months say what they come to; closed ones are what they are."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from nxforge_consumption_monitor import routes


async def _days(monitor: Any, begin: datetime, registers: list[str]) -> Any:
    """One reading each midnight."""
    view = await monitor.add("a", tz="UTC", interval_s=86_400)
    monitor.clock.instant = begin
    for register in registers:
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(days=1)
    return view


async def _line(monitor: Any, view: Any, month: str) -> Any:
    report = await routes.monthly(monitor.ctx, view.id, month=month)
    return report.lines[0], report.notes


async def test_open_month_goes_on_like_the_last_seven_days(monitor: Any) -> None:
    """30 kWh in 10 days, 24 of them in the last 7: 21 days more of that follow."""
    registers = ["100", "102", "104", "106", "109", "112", "115", "118", "121", "125"]
    begin = datetime(2025, 3, 1, tzinfo=UTC)
    view = await _days(monitor, begin, [*registers, "130"])
    line, notes = await _line(monitor, view, "2025-03")
    assert (line.energy_kwh, line.is_open) == (30, True)
    assert line.forecast_kwh == 30 + Decimal(24) / 7 * 21
    assert line.billed_kwh == 30
    assert "Forecast for its end, as in the last seven days: 102.000 kWh." in notes


async def test_next_reading_takes_the_place_of_the_forecast(monitor: Any) -> None:
    """A closed month has none, and a month without readings neither."""
    begin = datetime(2025, 3, 30, tzinfo=UTC)
    view = await _days(monitor, begin, ["100", "102", "104"])
    line, notes = await _line(monitor, view, "2025-03")
    assert (line.is_open, line.forecast_kwh) == (False, None)
    assert not any("Forecast" in each for each in notes)
    line, _ = await _line(monitor, view, "2025-05")
    assert (line.energy_kwh, line.forecast_kwh) == (None, None)


async def test_meter_that_fell_silent_has_a_forward_estimate(monitor: Any) -> None:
    """The month is over; until a reading comes, its end is only estimated."""
    begin = datetime(2025, 3, 20, tzinfo=UTC)
    view = await _days(monitor, begin, ["100", "124", "148"])
    monitor.clock.instant = datetime(2025, 4, 20, tzinfo=UTC)
    line, _ = await _line(monitor, view, "2025-03")
    assert (line.energy_kwh, line.is_open) == (48, True)
    assert line.forecast_kwh == 48 + 24 * 10
