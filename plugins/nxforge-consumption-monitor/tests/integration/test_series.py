"""Series: few points of many, exact energy, and gaps that are no zeros."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_core.api import InvalidInputError, UnknownItemError

_START: Final = datetime(2025, 3, 10, tzinfo=UTC)


async def _feed(monitor: Any, registers: list[str | None], **every: int) -> None:
    """One round for each register; none is a device that does not answer."""
    for register in registers:
        if register is not None:
            monitor.show("a", register, "1.2")
            await monitor.round()
        monitor.clock.pass_by(**every)


async def test_quarters_share_their_registers_and_gaps_are_named(monitor: Any) -> None:
    """1.2 kW with an hour missing: energy adds up, the hour is a gap in power."""
    monitor.clock.instant = _START
    view = await monitor.add("a", tz="UTC", interval_s=300)
    registers = [f"{100 + step / 10:.1f}" for step in range(37)]
    await _feed(
        monitor,
        [each if not 12 < at < 24 else None for at, each in enumerate(registers)],
        minutes=5,
    )
    answer = await routes.series(
        monitor.ctx,
        endpoint_ids=[view.id],
        from_="2025-03-10T00:00Z",
        to="2025-03-10T03:00Z",
    )
    [one] = answer.series
    assert (answer.grain, one.tz) == ("15m", "UTC")
    assert one.energy.known_kwh == Decimal("3.6")
    assert set(one.energy.kwh) == {Decimal("0.3")}
    assert sum(one.energy.estimated_kwh) == Decimal("1.2")
    [gap] = one.gaps
    assert (gap.start, gap.seconds) == (_START + timedelta(hours=1), 3600)
    assert one.power.method == "lttb"
    assert one.power.kw.count(None) == 1
    assert set(one.power.kw) - {None} == {Decimal("1.2")}


async def test_power_without_samples_is_that_of_the_register(monitor: Any) -> None:
    """A meter that only counts has a mean power between two readings."""
    monitor.clock.instant = _START
    rules = {"rules": [_energy_rule()]}
    view = await monitor.add("a", tz="UTC", interval_s=3600, rules=rules)
    await _feed(monitor, ["10", "12", "13"], hours=1)
    [one] = (
        await routes.series(
            monitor.ctx, endpoint_ids=[view.id], from_="2025-03-10", fields="power"
        )
    ).series
    assert one.power.kw == [2, 1]
    assert one.energy is None


async def test_long_spans_come_from_the_stored_hours(monitor: Any) -> None:
    """No more buckets than asked; their extremes are those of the samples."""
    monitor.clock.instant = datetime(2025, 1, 1, tzinfo=UTC)
    view = await monitor.add("a", tz="UTC", interval_s=3600)
    for step in range(24 * 10 + 1):
        monitor.show("a", str(100 + step), "9.5" if step == 100 else "1")
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    await monitor.pool.execute("delete from reading")
    [one] = (
        await routes.series(
            monitor.ctx,
            endpoint_ids=[view.id],
            from_="2025-01-01T00:00Z",
            to="2025-01-11T00:00Z",
            points="60",
            power="minmax",
        )
    ).series
    assert (one.power.method, one.power.width_s) == ("minmax", 4 * 3600)
    assert len(one.power.ts) <= 60
    assert max(one.power.max_kw) == Decimal("9.5")
    assert set(one.power.kw) == {Decimal(1)}
    assert (one.energy.grain, one.energy.known_kwh) == ("day", 240)
    assert one.gaps == []


async def test_months_are_the_buckets_of_years(monitor: Any) -> None:
    """A span of three years is told in months; without any data it is one gap."""
    view = await monitor.add("a", tz="UTC")
    answer = await routes.series(
        monitor.ctx,
        endpoint_ids=[view.id],
        from_="2022-03-10",
        to="2025-03-10",
        points="100",
    )
    assert answer.grain == "month"
    [one] = answer.series
    assert (one.power.kw, one.energy.kwh, one.energy.known_kwh) == ([], [], 0)
    [gap] = one.gaps
    assert gap.seconds == (answer.to - answer.from_).total_seconds()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("endpointId", {}),
        ("grain", {"grain": "week"}),
        ("points", {"points": "2"}),
        ("fields", {"fields": "volts"}),
        ("power", {"power": "mean"}),
        ("channel", {"channel": "'; drop table reading"}),
        ("to", {"from_": "2025-03-10", "to": "2025-03-09"}),
        ("power", {"power": "lttb", "from_": "2024-03-10"}),
    ],
)
async def test_what_cannot_be_drawn_is_named(
    monitor: Any, field: str, given: dict[str, str]
) -> None:
    """The error names the member of the query."""
    view = await monitor.add("a", interval_s=60)
    ids = None if field == "endpointId" else [view.id]
    with pytest.raises(InvalidInputError) as caught:
        await routes.series(monitor.ctx, endpoint_ids=ids, **given)
    assert caught.value.field == field


async def test_unknown_endpoint_is_no_empty_chart(monitor: Any) -> None:
    """It is named."""
    nobody = "0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11"
    with pytest.raises(UnknownItemError):
        await routes.series(monitor.ctx, endpoint_ids=[nobody])
    with pytest.raises(UnknownItemError):
        await routes.series(monitor.ctx, group=nobody)


async def test_pages_of_one_quality_leave_nothing_out(monitor: Any) -> None:
    """Following the cursor gives every suspect reading once, and no attempt."""
    await monitor.add("a", interval_s=300)
    registers = ["100"] + [str(90_000 + 5_000 * step) for step in (0, 2, 4, 8, 16)]
    await _feed(monitor, [*registers, None], minutes=5)
    every = (await routes.readings(monitor.ctx, quality="suspect,rejected")).data
    found, cursor = [], None
    while True:
        page = await routes.readings(
            monitor.ctx, quality="suspect,rejected", limit="2", cursor=cursor
        )
        assert page.meta.total == len(every)
        found += page.data
        cursor = page.meta.next_cursor
        if cursor is None:
            break
    assert found == every
    assert len(every) >= 3
    assert {each.quality for each in every} <= {"suspect", "rejected"}
    with pytest.raises(InvalidInputError):
        await routes.readings(monitor.ctx, quality="good")


def _energy_rule() -> dict[str, object]:
    return {
        "quantity": "energy",
        "steps": [
            {"step": "json", "path": "kwh"},
            {"step": "unit", "fixed": "kWh"},
        ],
    }
