"""Energy of a month from registers that reset, roll over and glitch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from nxforge_consumption_monitor.report import (
    ReadingsQuery,
    live,
    monthly,
    readings_page,
)


async def _run(monitor: Any, registers: list[str], **members: Any) -> Any:
    """One reading an hour of one endpoint; answers its live values."""
    await monitor.add("a", interval_s=3600, **members)
    for register in registers:
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    [endpoint] = (await live(monitor.ctx)).data.endpoints
    return endpoint


@pytest.mark.parametrize(
    ("registers", "members", "month_kwh"),
    [
        (["100.0", "101.5", "103.0"], {}, "3"),
        (["99990", "12"], {"modulus_kwh": Decimal(100000)}, "22"),
        (["750.0", "751.5", "0", "791.9"], {}, "41.9"),
        (["100", "140", "3", "5", "9"], {}, "49"),
        (["100", "140", "3", "5", "9"], {"reset_policy": "rebase"}, "46"),
        (["12.50", "12.75"], {"multiplier": Decimal(40)}, "10"),
    ],
)
async def test_month_follows_the_unwrapped_register(
    monitor: Any, registers: list[str], members: dict[str, Any], month_kwh: str
) -> None:
    """A reset, a rollover or a glitch never makes the month negative or huge."""
    endpoint = await _run(monitor, registers, **members)
    assert endpoint.month_kwh == Decimal(month_kwh)
    assert endpoint.last_reading.current_kwh == Decimal(month_kwh)
    report = await monthly(monitor.ctx, endpoint.id)
    assert report.consumption == Decimal(month_kwh)


async def test_confirmed_reset_makes_the_first_low_reading_good(monitor: Any) -> None:
    """The reading that was suspect gets its quality and total by hindsight."""
    await _run(monitor, ["100", "140", "3", "5"])
    answer = await readings_page(monitor.ctx, ReadingsQuery())
    judged = [(row.register_kwh, row.quality, row.reason) for row in answer.data]
    assert judged == [
        (Decimal(5), "measured", ""),
        (Decimal(3), "measured", "reset"),
        (Decimal(140), "measured", ""),
        (Decimal(100), "measured", ""),
    ]
    assert [row.current_kwh for row in answer.data] == [45, 43, 40, 0]


async def test_glitch_is_kept_and_never_counted(monitor: Any) -> None:
    """The wrong reading stays visible, rejected, without energy."""
    await _run(monitor, ["750.0", "751.5", "0", "791.9"])
    answer = await readings_page(monitor.ctx, ReadingsQuery())
    [glitch] = [row for row in answer.data if row.register_kwh == 0]
    assert (glitch.quality, glitch.reason) == ("rejected", "rejected_glitch")
    assert glitch.current_kwh is None


async def test_month_begins_at_local_midnight_between_two_readings(
    monitor: Any,
) -> None:
    """The energy around midnight is divided, not given to nobody or to both."""
    monitor.clock.instant = monitor.clock.instant.replace(
        month=1, day=31, hour=21, minute=52, second=30
    )
    view = await monitor.add("a", interval_s=900, tz="Europe/Bucharest")
    for register in ("12345.60", "12346.35"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=15)
    january = await monthly(monitor.ctx, view.id, "2025", "1")
    february = await monthly(monitor.ctx, view.id, month="2025-02")
    assert january.end_kwh == february.start_kwh == Decimal("12345.975")
    assert january.consumption + february.consumption == Decimal("0.75")
    assert (january.hours, february.hours) == (Decimal(744), Decimal(672))
