"""Endpoints that change their group: a month is of those who belonged at its end."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.billing import Price
from nxforge_consumption_monitor.groups import GroupBody
from nxforge_consumption_monitor.locks import LockBody
from nxforge_consumption_monitor.models import EndpointChange
from nxforge_consumption_monitor.tariffs import TariffBody

_ANNA: Final[Any] = SimpleNamespace(user=SimpleNamespace(name="anna"))


@pytest.fixture
async def racks(monitor: Any) -> Any:
    """Two racks with tariffs, and an endpoint in the first one."""
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    for name, rate in (("one", "0.10"), ("two", "0.20")):
        price = Price(valid_from=begin, rate=Decimal(rate))
        tariff = TariffBody(name=name, currency="EUR", prices=(price,))
        stored = await routes.create_tariff(monitor.ctx, tariff)
        body = GroupBody(name=f"Rack {name}", tz="UTC", tariff_id=stored.id)
        setattr(monitor, name, await routes.create_group(monitor.ctx, body))
    monitor.view = await monitor.add(
        "a", interval_s=3600, tz="UTC", group_id=monitor.one.id, max_kw=Decimal(500)
    )
    await monitor.pool.execute("update endpoint set created_at = '2025-01-01Z'")
    return monitor


async def _read(monitor: Any, at: datetime, register: str) -> None:
    monitor.clock.instant = at
    monitor.show("a", register)
    await monitor.round()


async def _move(monitor: Any, at: datetime, group: Any) -> None:
    monitor.clock.instant = at
    change = EndpointChange(group_id=group.id if group else None)
    await routes.change_endpoint(monitor.ctx, _ANNA, monitor.view.id, change)


async def _month(monitor: Any, group: Any, month: str) -> Any:
    return (await routes.group_month(monitor.ctx, group.id, month=month)).data


async def _year(monitor: Any) -> None:
    """February to May: in rack one until 12 March, then in rack two."""
    await _read(monitor, datetime(2025, 2, 1, tzinfo=UTC), "1000")
    await _read(monitor, datetime(2025, 3, 1, tzinfo=UTC), "1100")
    await _move(monitor, datetime(2025, 3, 12, tzinfo=UTC), monitor.two)
    await _read(monitor, datetime(2025, 4, 1, tzinfo=UTC), "1300")
    await _read(monitor, datetime(2025, 5, 1, tzinfo=UTC), "1600")


async def test_old_month_is_of_those_who_belonged_then(racks: Any) -> None:
    """Each month is in the report and on the bill of one rack, and of no other one."""
    await _year(racks)
    for month, rack, other, energy, total in (
        ("2025-02", racks.one, racks.two, 100, "10.00"),
        ("2025-03", racks.two, racks.one, 200, "40.00"),
        ("2025-04", racks.two, racks.one, 300, "60.00"),
    ):
        found = await _month(racks, rack, month)
        assert found.total.energy_kwh == energy
        assert found.cost.total == Decimal(total)
        assert (await _month(racks, other, month)).lines == []
        alone = await routes.show_bill(racks.ctx, racks.view.id, month=month)
        assert alone.total == Decimal(total)


async def test_report_says_who_joined_and_left_within_the_month(racks: Any) -> None:
    """Whole months are billed, so the reader is told where that is not the truth."""
    await _year(racks)
    left = await _month(racks, racks.one, "2025-03")
    joined = await _month(racks, racks.two, "2025-03")
    assert [(each.endpoint_name, each.joined) for each in left.moves] == [("a", False)]
    assert left.notes[-1].endswith("a left on 2025-03-12.")
    assert joined.notes[-1].endswith("a joined on 2025-03-12.")
    assert (await _month(racks, racks.two, "2025-04")).moves == []


async def test_group_of_less_than_a_day_was_a_mistake(racks: Any) -> None:
    """Who corrects a slip of the hand moves the whole time, not the rest of it."""
    await _read(racks, datetime(2025, 2, 1, tzinfo=UTC), "1000")
    await _read(racks, datetime(2025, 3, 1, tzinfo=UTC), "1100")
    await _move(racks, datetime(2025, 3, 12, 9, tzinfo=UTC), None)
    await _move(racks, datetime(2025, 3, 12, 10, tzinfo=UTC), racks.two)
    await _move(racks, datetime(2025, 3, 12, 11, tzinfo=UTC), racks.one)
    await _read(racks, datetime(2025, 4, 1, tzinfo=UTC), "1300")
    assert (await _month(racks, racks.one, "2025-02")).total.energy_kwh == 100
    assert (await _month(racks, racks.one, "2025-03")).total.energy_kwh == 200
    assert (await _month(racks, racks.two, "2025-03")).lines == []


async def test_first_group_counts_for_all_time_before_it(racks: Any) -> None:
    """A rack that is named after months of readings has those months."""
    await racks.pool.execute("update endpoint set group_id = null")
    await _read(racks, datetime(2025, 2, 1, tzinfo=UTC), "1000")
    await _read(racks, datetime(2025, 3, 1, tzinfo=UTC), "1100")
    await _move(racks, datetime(2025, 3, 12, tzinfo=UTC), racks.two)
    assert (await _month(racks, racks.two, "2025-02")).total.energy_kwh == 100


async def test_locked_month_keeps_those_who_were_locked(racks: Any) -> None:
    """Who joins the rack later is no part of a month that was invoiced."""
    await _year(racks)
    lock = await routes.create_lock(
        racks.ctx, _ANNA, LockBody(month="2025-02", group_id=racks.one.id)
    )
    late = await racks.add("b", tz="UTC", group_id=racks.one.id)
    await racks.pool.execute("update endpoint set created_at = '2025-01-01Z'")
    answer = await routes.group_month(racks.ctx, racks.one.id, month="2025-02")
    assert [line.endpoint_name for line in answer.data.lines] == ["a"]
    assert answer.sha256 == lock.report_sha256
    assert late.group_id == racks.one.id
