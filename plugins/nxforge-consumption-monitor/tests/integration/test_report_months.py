"""Months and groups: exact figures, sums of lines, and nothing hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest

from nxforge_consumption_monitor import routes
from nxforge_core.api import UnknownItemError

_GROUP: Final = UUID("0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11")


async def _from(
    monitor: Any, start: datetime, registers: list[str], **every: int
) -> None:
    monitor.clock.instant = start
    for register in registers:
        for name in ("a", "b"):
            monitor.show(name, register)
        await monitor.round()
        monitor.clock.pass_by(**every)


async def _group(monitor: Any, *ids: str) -> str:
    await monitor.pool.execute(
        "insert into endpoint_group (id, name, kind, tz) values ($1, 'R1', 'rack', $2)",
        _GROUP,
        "Europe/Bucharest",
    )
    await monitor.pool.execute(
        "update endpoint set group_id = $1 where id = any($2::uuid[])", _GROUP, ids
    )
    return str(_GROUP)


@pytest.mark.parametrize(
    ("start", "month", "hours"),
    [
        (datetime(2025, 2, 28, 22, tzinfo=UTC), "2025-03", 743),
        (datetime(2025, 9, 30, 21, tzinfo=UTC), "2025-10", 745),
    ],
)
async def test_month_with_a_change_of_clocks_has_its_own_length(
    monitor: Any, start: datetime, month: str, hours: int
) -> None:
    """A steady 2 kW gives exactly twice the hours of the month."""
    view = await monitor.add("a", interval_s=43_200)
    registers = [str(1000 + 24 * step) for step in range(64)]
    await _from(monitor, start, registers, hours=12)
    report = await routes.monthly(monitor.ctx, view.id, month=month)
    assert (report.hours, report.consumption) == (hours, 2 * hours)
    [line] = report.lines
    assert (line.is_open, line.coverage, line.estimated_kwh) == (False, 1, 0)
    assert (line.avg_kw, line.load_factor) == (2, 1)
    assert line.end_register - line.start_register == line.energy_kwh


async def test_running_month_is_open_and_compared_per_hour(monitor: Any) -> None:
    """January with 1 kWh a day before February with 2: per hour it is 100 % more."""
    view = await monitor.add("a", tz="UTC", interval_s=86_400)
    registers = [str(day) for day in range(32)]
    registers += [str(31 + 2 * day) for day in range(1, 29)]
    await _from(monitor, datetime(2025, 1, 1, tzinfo=UTC), registers, days=1)
    february = (await routes.monthly(monitor.ctx, view.id, month="2025-02")).lines[0]
    assert (february.energy_kwh, february.is_open) == (56, False)
    previous, last_year = february.comparisons
    assert (previous.with_, previous.energy_kwh) == ("previous", 31)
    assert previous.change_percent == Decimal("80.65")
    assert previous.change_percent_per_hour == 100
    assert (last_year.energy_kwh, last_year.change_percent) == (None, None)
    march = await routes.monthly(monitor.ctx, view.id, month="2025-03")
    assert (march.is_open, march.lines[0].energy_kwh) == (True, None)


async def test_rollover_and_gap_keep_the_total_and_are_named(monitor: Any) -> None:
    """The register wraps, then a week is missing: the month still is exact."""
    view = await monitor.add(
        "a", tz="UTC", interval_s=86_400, modulus_kwh=Decimal(100_000)
    )
    start = datetime(2025, 4, 1, tzinfo=UTC)
    await _from(monitor, start, ["99980", "99990", "12", "30"], days=1)
    monitor.clock.pass_by(days=9)
    monitor.show("a", "130")
    await monitor.round()
    monitor.clock.instant = datetime(2025, 5, 1, tzinfo=UTC)
    monitor.show("a", "300")
    await monitor.round()
    [line] = (await routes.monthly(monitor.ctx, view.id, month="2025-04")).lines
    assert (line.energy_kwh, line.events) == (320, 1)
    assert line.coverage < 1
    assert line.end_register - line.start_register == line.energy_kwh


async def test_total_of_a_group_is_the_sum_of_its_lines(monitor: Any) -> None:
    """To the last digit, and per channel."""
    first = await monitor.add("a", interval_s=86_400)
    second = await monitor.add("b", interval_s=86_400, multiplier=Decimal("0.3333333"))
    registers = [f"{100 + day * 1.0000001:.7f}" for day in range(40)]
    await _from(monitor, datetime(2025, 2, 27, tzinfo=UTC), registers, days=1)
    group = await _group(monitor, first.id, second.id)
    report = (await routes.group_month(monitor.ctx, group, "2025", "3")).data
    assert len(report.lines) == 2
    assert report.total.energy_kwh == sum(line.energy_kwh for line in report.lines)
    assert (report.total.missing, report.total.is_open) == ([], False)
    everything = (await routes.group_month(monitor.ctx, "all", month="2025-03")).data
    assert everything.total.energy_kwh == report.total.energy_kwh


async def test_total_of_a_group_is_compared_with_the_same_members(
    monitor: Any,
) -> None:
    """Per hour it is 100 % more; with a member that was not known then, nobody says."""
    first = await monitor.add("a", tz="UTC", interval_s=86_400)
    second = await monitor.add("b", tz="UTC", interval_s=86_400)
    registers = [str(day) for day in range(32)]
    registers += [str(31 + 2 * day) for day in range(1, 29)]
    await _from(monitor, datetime(2025, 1, 1, tzinfo=UTC), registers, days=1)
    group = await _group(monitor, first.id, second.id)
    february = (await routes.group_month(monitor.ctx, group, month="2025-02")).data
    previous, last_year = february.total.comparisons
    assert (previous.with_, previous.energy_kwh) == ("previous", 62)
    assert previous.change_percent == Decimal("80.65")
    assert previous.change_percent_per_hour == 100
    assert (last_year.with_, last_year.energy_kwh) == ("lastYear", None)
    await monitor.pool.execute(
        "delete from closed_rollup where grain = 'month' and endpoint_id = $1"
        " and start_ts < '2025-02-01Z'",
        second.id,
    )
    february = (await routes.group_month(monitor.ctx, group, month="2025-02")).data
    previous, _ = february.total.comparisons
    assert (previous.energy_kwh, previous.change_percent) == (None, None)


async def test_group_with_a_missing_member_has_no_total(monitor: Any) -> None:
    """It is incomplete, not smaller: the name of who is missing stands beside."""
    first = await monitor.add("a", tz="UTC", interval_s=86_400)
    silent = await monitor.add("silent", enabled=False)
    registers = [str(100 + day) for day in range(40)]
    await _from(monitor, datetime(2025, 2, 27, tzinfo=UTC), registers, days=1)
    group = await _group(monitor, first.id, silent.id)
    await monitor.pool.execute("update endpoint set created_at = '2025-01-01'")
    report = (await routes.group_month(monitor.ctx, group, month="2025-03")).data
    total = report.total
    assert (total.energy_kwh, total.billed_kwh) == (None, None)
    assert (total.known_kwh, total.missing) == (31, ["silent"])
    assert report.is_open


async def test_adjustment_of_a_locked_month_is_a_line_of_its_own(monitor: Any) -> None:
    """The energy of the month stays what was measured; the bill adds the line."""
    view = await monitor.add("a", tz="UTC", interval_s=86_400)
    registers = [str(100 + day) for day in range(70)]
    await _from(monitor, datetime(2025, 1, 30, tzinfo=UTC), registers, days=1)
    await monitor.pool.execute("insert into period_lock (month) values ('2025-02-01')")
    await monitor.pool.execute(
        "insert into adjustment (endpoint_id, channel, month, booked_month, energy_kwh)"
        " values ($1, 'total', '2025-02-01', '2025-03-01', -2.5)",
        view.id,
    )
    february = (await routes.monthly(monitor.ctx, view.id, month="2025-02")).lines[0]
    assert (february.locked, february.adjustments) == (True, [])
    march = (await routes.monthly(monitor.ctx, view.id, month="2025-03")).lines[0]
    [adjustment] = march.adjustments
    assert (adjustment.month, adjustment.energy_kwh) == (
        date(2025, 2, 1),
        Decimal("-2.5"),
    )
    assert (march.energy_kwh, march.billed_kwh) == (31, Decimal("28.5"))


@pytest.mark.parametrize("group", ["nonsense", str(_GROUP)])
async def test_unknown_group_is_named(monitor: Any, group: str) -> None:
    """It is not an empty report."""
    with pytest.raises(UnknownItemError):
        await routes.group_month(monitor.ctx, group)


async def test_year_is_the_sum_of_its_months_after_retention(monitor: Any) -> None:
    """Readings may be gone; what was computed from them stays."""
    await monitor.add("a", tz="UTC", interval_s=86_400)
    registers = [str(100 + day) for day in range(80)]
    await _from(monitor, datetime(2025, 1, 1, tzinfo=UTC), registers, days=1)
    before = await routes.summary(monitor.ctx, "year")
    await monitor.pool.execute(
        "delete from reading where ts < $1", monitor.clock.now() - timedelta(days=9)
    )
    after = await routes.summary(monitor.ctx, "year")
    assert before.total_consumption == after.total_consumption == 79
