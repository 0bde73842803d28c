"""Tariffs and bills on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from nxforge_consumption_monitor.billing import (
    Block,
    PeakUnknownError,
    Price,
    TariffError,
    TariffGapError,
    Window,
)
from nxforge_consumption_monitor.models import UnknownEndpointError
from nxforge_consumption_monitor.restate import restate
from nxforge_consumption_monitor.store import UnknownGroupError
from nxforge_consumption_monitor.tariffs import (
    BilledPriceError,
    DuplicateTariffError,
    NoTariffError,
    TariffBody,
    TariffInUseError,
    UnknownTariffError,
    bill_of_endpoint,
    bill_of_group,
    change_tariff,
    create_tariff,
    list_tariffs,
    remove_tariff,
    show_tariff,
)

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
MARCH = date(2025, 3, 1)
FLAT = Price(valid_from=BEGIN, rate=Decimal("0.1850"))
FULL = Price(
    valid_from=BEGIN,
    valid_to=datetime(2026, 1, 1, tzinfo=UTC),
    rate=Decimal("0.1400"),
    windows=(
        Window(
            name="peak",
            weekdays=(0, 1, 2, 3, 4),
            start=time(7),
            end=time(23),
            price=Decimal("0.24"),
        ),
    ),
    fixed_monthly=Decimal("31.00"),
    demand=Decimal("12.5"),
    contracted_kw=Decimal("7.0"),
    pue=Decimal("1.45"),
    tax_percent=Decimal(19),
)
BLOCKS = Price(
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    blocks=(
        Block(up_to_kwh=Decimal("500.5"), price=Decimal("0.15")),
        Block(up_to_kwh=None, price=Decimal("0.2")),
    ),
)


def _body(*prices: Price, name: str = "rack", currency: str = "EUR") -> TariffBody:
    return TariffBody(name=name, currency=currency, prices=prices)


async def _group(monitor: Any, tariff_id: str | None) -> str:
    group_id = str(uuid4())
    await monitor.pool.execute(
        "insert into endpoint_group (id, name, tz, tariff_id)"
        " values ($1, 'rack 1', 'Europe/Bucharest', $2)",
        group_id,
        tariff_id,
    )
    return group_id


async def _hours(monitor: Any, steps: dict[str, list[str]], *, minutes: int) -> None:
    """Let devices show registers one after the other, from 1 March of Bucharest on."""
    monitor.clock.instant = datetime(2025, 2, 28, 22, tzinfo=UTC)
    for index in range(len(next(iter(steps.values())))):
        for name, registers in steps.items():
            monitor.show(name, registers[index])
        await monitor.round()
        monitor.clock.pass_by(minutes=minutes)


async def _lock(monitor: Any, month: str) -> None:
    await monitor.pool.execute(
        "insert into period_lock (month) values ($1)", date.fromisoformat(month)
    )


async def test_tariff_comes_back_as_it_was_stored(monitor: Any) -> None:
    """Every digit, window and block; and the JSON of it is read again."""
    made = await create_tariff(monitor.pool, _body(FULL, BLOCKS))
    assert made.prices == (FULL, BLOCKS)
    assert str(made.prices[0].rate) == "0.1400"
    assert (made.assigned, made.settled_until) == (0, None)
    assert await list_tariffs(monitor.pool) == [made]
    again = msgspec.json.decode(
        msgspec.json.encode(_body(*made.prices)), type=TariffBody
    )
    assert again == _body(FULL, BLOCKS)


async def test_tariff_changes_where_nothing_is_locked(monitor: Any) -> None:
    """Name, currency and prices are what was asked for."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    wanted = _body(FULL, name="hall", currency="RON")
    changed = await change_tariff(monitor.pool, made.id, wanted)
    assert (changed.id, changed.name, changed.currency) == (made.id, "hall", "RON")
    assert (await show_tariff(monitor.pool, made.id)).prices == (FULL,)


async def test_two_tariffs_of_one_name_are_refused(monitor: Any) -> None:
    """A report names its tariff."""
    await create_tariff(monitor.pool, _body(FLAT))
    with pytest.raises(DuplicateTariffError):
        await create_tariff(monitor.pool, _body(FLAT))
    assert len(await list_tariffs(monitor.pool)) == 1


async def test_tariff_that_makes_no_sense_is_not_stored(monitor: Any) -> None:
    """Two prices for one instant."""
    with pytest.raises(TariffError):
        await create_tariff(monitor.pool, _body(FLAT, FLAT))
    assert await list_tariffs(monitor.pool) == []


async def test_unknown_tariff_is_not_found(monitor: Any) -> None:
    """No tariff, or no id at all."""
    for wrong in (str(uuid4()), "x"):
        with pytest.raises(UnknownTariffError):
            await show_tariff(monitor.pool, wrong)
        with pytest.raises(UnknownTariffError):
            await change_tariff(monitor.pool, wrong, _body(FLAT))


async def test_tariff_goes_only_when_nothing_is_billed_by_it(monitor: Any) -> None:
    """An endpoint has it: it stays; nobody has it: it goes with its prices."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    await monitor.add("a", tariff_id=made.id)
    with pytest.raises(TariffInUseError) as caught:
        await remove_tariff(monitor.pool, made.id)
    assert caught.value.assigned == 1
    await monitor.pool.execute("update endpoint set tariff_id = null")
    await remove_tariff(monitor.pool, made.id)
    assert await monitor.pool.fetchval("select count(*) from tariff_price") == 0


async def test_price_of_a_locked_month_never_changes(monitor: Any) -> None:
    """Neither its rate, nor its currency, nor by one that begins within the month."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    await monitor.add("a", tariff_id=made.id, tz="Europe/Bucharest")
    await _lock(monitor, "2025-03-01")
    end = datetime(2025, 3, 31, 21, tzinfo=UTC)
    assert (await show_tariff(monitor.pool, made.id)).settled_until == end
    other = msgspec.structs.replace(FLAT, rate=Decimal("0.2"))
    within = msgspec.structs.replace(other, valid_from=end - timedelta(hours=1))
    for wanted in (_body(other), _body(FLAT, currency="USD"), _body(FLAT, within)):
        with pytest.raises(BilledPriceError) as caught:
            await change_tariff(monitor.pool, made.id, wanted)
        assert caught.value.month == MARCH
    assert (await show_tariff(monitor.pool, made.id)).prices == (FLAT,)


async def test_another_price_begins_after_a_locked_month(monitor: Any) -> None:
    """At its very end, with the old one ended there or not."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    await monitor.add("a", tariff_id=made.id, tz="Europe/Bucharest")
    await _lock(monitor, "2025-03-01")
    end = datetime(2025, 3, 31, 21, tzinfo=UTC)
    later = Price(valid_from=end, rate=Decimal("0.3"))
    ended = msgspec.structs.replace(FLAT, valid_to=end)
    changed = await change_tariff(monitor.pool, made.id, _body(ended, later))
    assert changed.prices == (ended, later)


async def test_bill_of_an_endpoint_prices_what_its_month_used(monitor: Any) -> None:
    """12 kWh in 6 hours by the tariff of its own; the month is not over."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    view = await monitor.add(
        "a", tariff_id=made.id, interval_s=3600, tz="Europe/Bucharest"
    )
    registers = [str(100 + 2 * hour) for hour in range(7)]
    await _hours(monitor, {"a": registers}, minutes=60)
    found = await bill_of_endpoint(monitor.pool, view.id, date(2025, 3, 20))
    [joint] = found.bills
    [line] = joint.bill.lines
    assert (line.metered_kwh, line.price) == (12, Decimal("0.1850"))
    assert (found.month, found.total, found.currency) == (
        "2025-03",
        Decimal("2.22"),
        "EUR",
    )
    [member] = joint.members
    assert (member.kwh, member.complete, found.complete) == (12, False, False)
    assert member.coverage == Decimal("0.008075")


async def test_bill_names_what_is_estimated_and_is_complete_in_the_end(
    monitor: Any,
) -> None:
    """A gap of 46 days: its total is metered, its part in March lies on a line."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    view = await monitor.add(
        "a", tariff_id=made.id, interval_s=3600, tz="Europe/Bucharest"
    )
    await _hours(monitor, {"a": ["0"]}, minutes=60 * 24 * 46)
    monitor.show("a", "1104")
    await monitor.round()
    found = await bill_of_endpoint(monitor.pool, view.id, MARCH)
    [joint] = found.bills
    assert (joint.bill.metered_kwh, joint.bill.estimated_kwh) == (743, 743)
    assert (joint.members[0].coverage, found.complete) == (0, True)
    month = await monitor.pool.fetchval(
        "select energy_kwh from rollup where grain = 'month' order by start_ts limit 1"
    )
    assert month == joint.bill.metered_kwh


async def test_bill_of_a_group_sums_feeds_and_bills_own_tariffs_apart(
    monitor: Any,
) -> None:
    """A and B by the group's tariff together, C by its own."""
    shared = await create_tariff(monitor.pool, _body(FLAT))
    own = await create_tariff(
        monitor.pool, _body(Price(valid_from=BEGIN, rate=Decimal(1)), name="own")
    )
    group_id = await _group(monitor, shared.id)
    for name, tariff_id in (("a", None), ("b", None), ("c", own.id)):
        await monitor.add(
            name,
            group_id=group_id,
            tariff_id=tariff_id,
            interval_s=3600,
            tz="Europe/Bucharest",
        )
    registers = {"a": ["0", "2"], "b": ["50", "53"], "c": ["7", "8"]}
    await _hours(monitor, registers, minutes=60)
    found = await bill_of_group(monitor.pool, group_id, MARCH)
    assert [
        (
            each.bill.tariff,
            each.bill.metered_kwh,
            [x.endpoint_name for x in each.members],
        )
        for each in found.bills
    ] == [("rack", 5, ["a", "b"]), ("own", 1, ["c"])]
    assert found.total == Decimal("1.93")
    await monitor.pool.execute(
        "update tariff set currency = 'RON' where id = $1", own.id
    )
    mixed = await bill_of_group(monitor.pool, group_id, MARCH)
    assert (mixed.total, mixed.currency) == (None, None)


async def test_bill_without_a_tariff_or_a_subject_is_refused(monitor: Any) -> None:
    """Each refusal says what is missing."""
    group_id = await _group(monitor, None)
    view = await monitor.add("a", group_id=group_id)
    with pytest.raises(NoTariffError):
        await bill_of_endpoint(monitor.pool, view.id, MARCH)
    with pytest.raises(NoTariffError):
        await bill_of_group(monitor.pool, group_id, MARCH)
    with pytest.raises(UnknownEndpointError):
        await bill_of_endpoint(monitor.pool, str(uuid4()), MARCH)
    for wrong in (str(uuid4()), "x"):
        with pytest.raises(UnknownGroupError):
            await bill_of_group(monitor.pool, wrong, MARCH)


async def test_bill_of_a_month_without_a_price_is_refused(monitor: Any) -> None:
    """The tariff begins in 2024."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    view = await monitor.add("a", tariff_id=made.id)
    with pytest.raises(TariffGapError):
        await bill_of_endpoint(monitor.pool, view.id, date(2023, 12, 1))


async def test_member_without_a_reading_makes_the_bill_incomplete(monitor: Any) -> None:
    """Unknown is not 0."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    view = await monitor.add("a", tariff_id=made.id)
    found = await bill_of_endpoint(monitor.pool, view.id, MARCH)
    [member] = found.bills[0].members
    assert (member.kwh, member.coverage, found.complete) == (None, 0, False)


async def test_demand_of_a_group_is_the_peak_of_the_sum(monitor: Any) -> None:
    """A peaks in the first quarter and B in the third: 8 + 1 kW, not 8 + 8."""
    price = Price(valid_from=BEGIN, rate=Decimal(0), demand=Decimal(10))
    made = await create_tariff(monitor.pool, _body(price))
    group_id = await _group(monitor, made.id)
    views = [
        await monitor.add(
            name, group_id=group_id, interval_s=900, tz="Europe/Bucharest"
        )
        for name in ("a", "b")
    ]
    registers = {
        "a": ["0", "2", "2.25", "2.5", "2.75", "3"],
        "b": ["0", "0.25", "0.5", "2.5", "2.75", "3"],
    }
    await _hours(monitor, registers, minutes=15)
    [fee] = (await bill_of_group(monitor.pool, group_id, MARCH)).bills[0].bill.demand
    assert (fee.peak_kw, fee.amount) == (9, Decimal("90.00"))
    alone = await bill_of_endpoint(monitor.pool, views[0].id, MARCH)
    assert alone.bills[0].bill.demand[0].peak_kw == 8


async def test_demand_within_a_gap_is_unknown(monitor: Any) -> None:
    """Two readings a day apart know no quarter of an hour."""
    price = Price(valid_from=BEGIN, rate=Decimal(0), demand=Decimal(10))
    made = await create_tariff(monitor.pool, _body(price))
    view = await monitor.add("a", tariff_id=made.id, interval_s=900)
    await _hours(monitor, {"a": ["0", "24"]}, minutes=24 * 60)
    with pytest.raises(PeakUnknownError):
        await bill_of_endpoint(monitor.pool, view.id, MARCH)


async def test_correction_of_a_locked_month_is_a_line_of_the_next(monitor: Any) -> None:
    """A reset that was none: February has 3 kWh too much, March pays them back."""
    made = await create_tariff(monitor.pool, _body(FLAT))
    view = await monitor.add(
        "a", tariff_id=made.id, interval_s=3600, tz="Europe/Bucharest"
    )
    monitor.clock.instant = datetime(2025, 2, 27, 12, tzinfo=UTC)
    for register in ("100", "140", "3", "5"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    monitor.clock.pass_by(days=4)
    monitor.show("a", "9")
    await monitor.round()
    before = await bill_of_endpoint(monitor.pool, view.id, date(2025, 2, 1))
    march = await bill_of_endpoint(monitor.pool, view.id, MARCH)
    assert march.bills[0].bill.corrections == ()
    await _lock(monitor, "2025-02-01")
    await monitor.pool.execute("update meter_event set state = 'dismissed'")
    async with monitor.pool.transaction() as connection:
        await restate(connection, view.id, datetime(2025, 2, 27, tzinfo=UTC))
    assert await bill_of_endpoint(monitor.pool, view.id, date(2025, 2, 1)) == before
    [joint] = (await bill_of_endpoint(monitor.pool, view.id, MARCH)).bills
    [line] = joint.bill.corrections
    assert (line.row, line.kwh) == ("correction of 2025-02", -3)
    assert (line.price, line.amount) == (Decimal("0.1850"), Decimal("-0.56"))
    assert joint.bill.metered_kwh == march.bills[0].bill.metered_kwh
    assert joint.bill.total == march.bills[0].bill.total - Decimal("0.56")
