"""What a period costs, to the last digit."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nxforge_consumption_monitor.billing import (
    Block,
    Correction,
    Energy,
    EnergyBetween,
    PeakUnknownError,
    Price,
    Tariff,
    TariffError,
    TariffGapError,
    Usage,
    Window,
    cost,
)
from nxforge_consumption_monitor.register import Span, span_of

VECTORS = json.loads(
    (Path(__file__).parents[5] / "shared/golden/vectors.json").read_text()
)
CASES = {case["id"]: case for case in VECTORS["cost"]}
ZONE = ZoneInfo("Europe/Bucharest")
MARCH = span_of("month", date(2025, 3, 1), ZONE)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
PEAK = Window(
    name="peak",
    weekdays=(0, 1, 2, 3, 4),
    start=time(7),
    end=time(23),
    price=Decimal("0.24"),
)


def load(kw: str) -> EnergyBetween:
    """A steady load."""

    def between(start: datetime, end: datetime) -> Energy:
        seconds = (end - start) // timedelta(seconds=1)
        return Energy(Decimal(kw) * seconds / 3600)

    return between


def all_at_start(kwh: str) -> EnergyBetween:
    """Energy that is used in the first second of March."""
    first = MARCH.start

    def between(start: datetime, end: datetime) -> Energy:
        return Energy(Decimal(kwh) if start <= first < end else Decimal(0))

    return between


def tariff(*prices: Price) -> Tariff:
    """Prices in euro."""
    return Tariff(name="rack", currency="EUR", prices=prices)


def march(energy_between: EnergyBetween, **members: Any) -> Usage:
    """A usage of March 2025 in Bucharest, 743 hours."""
    return Usage(span=MARCH, zone=ZONE, energy_between=energy_between, **members)


def amounts(each: tuple[Any, ...]) -> list[str]:
    """As an invoice shows them."""
    return [str(line.amount) for line in each]


def test_flat_price_equals_the_worked_example() -> None:
    """F1."""
    case = CASES["F1_flat"]
    price = Price(valid_from=BEGIN, rate=Decimal(case["rate"]))
    bill = cost(tariff(price), march(all_at_start(case["kwh"])))
    assert str(bill.total) == str(bill.net) == case["expected"]
    assert [line.row for line in bill.lines] == ["energy"]


def test_time_of_use_equals_the_worked_example() -> None:
    """F2: 2 kW over the month in which an hour of the night is missing."""
    case = CASES["F2_tou_2kW_constant_Bucharest_2025-03"]
    price = Price(valid_from=BEGIN, rate=Decimal("0.14"), windows=(PEAK,))
    bill = cost(tariff(price), march(load("2")))
    assert [line.row for line in bill.lines] == ["peak", "other hours"]
    expected = [Decimal(case["peak_kwh"]), Decimal(case["off_kwh"])]
    assert [line.kwh for line in bill.lines] == expected
    assert amounts(bill.lines) == case["expected_lines"]
    assert str(bill.total) == case["expected_total"]


def test_blocks_equal_the_worked_example() -> None:
    """F3: the first 500 kWh of the month, and the rest."""
    case = CASES["F3_blocks"]
    blocks = tuple(
        Block(up_to_kwh=None if limit is None else Decimal(limit), price=Decimal(price))
        for limit, price in case["blocks"]
    )
    bill = cost(
        tariff(Price(valid_from=BEGIN, blocks=blocks)), march(all_at_start(case["kwh"]))
    )
    assert str(bill.total) == case["expected"]
    assert [line.row for line in bill.lines] == ["0 to 500 kWh", "above 500 kWh"]
    assert [line.kwh for line in bill.lines] == [500, Decimal("734.567")]


def test_pue_equals_the_worked_example() -> None:
    """F4: money comes from what is billed before it is rounded to be shown."""
    case = CASES["F4_pue"]
    price = Price(
        valid_from=BEGIN, rate=Decimal(case["rate"]), pue=Decimal(case["pue"])
    )
    bill = cost(tariff(price), march(all_at_start(case["it_kwh"])))
    assert str(bill.total) == case["expected"]
    assert str(round(bill.lines[0].kwh, 3)) == case["expected_kwh"]
    [pue] = bill.pue
    assert (pue.factor, pue.metered_kwh) == (Decimal("1.45"), Decimal("1234.567"))
    assert pue.kwh == Decimal("1790.12215")


def test_demand_equals_the_worked_example() -> None:
    """F5: the peak above the contracted kW."""
    case = CASES["F5_demand_overage"]
    price = Price(
        valid_from=BEGIN,
        rate=Decimal(0),
        demand=Decimal(case["rate"]),
        contracted_kw=Decimal(case["contract_kw"]),
    )
    peak = Decimal(case["peak_15min_kw"])
    bill = cost(tariff(price), march(load("1"), peak_between=lambda _s, _e: peak))
    [fee] = bill.demand
    assert str(fee.amount) == str(bill.total) == case["expected"]
    assert (fee.peak_kw, fee.quantity) == (peak, Decimal("0.84"))


def test_demand_below_the_contracted_kw_costs_nothing() -> None:
    """No credit for what was not used."""
    price = Price(
        valid_from=BEGIN, rate=Decimal(0), demand=Decimal(9), contracted_kw=Decimal(7)
    )
    usage = march(load("1"), peak_between=lambda _s, _e: Decimal("6.9"))
    assert cost(tariff(price), usage).total == 0


def test_demand_without_a_known_peak_is_refused() -> None:
    """An unknown peak is not a peak of 0."""
    price = Price(valid_from=BEGIN, rate=Decimal(0), demand=Decimal(9))
    with pytest.raises(PeakUnknownError) as caught:
        cost(tariff(price), march(load("1")))
    assert caught.value.status == 409


def test_new_price_in_mid_month_splits_energy_and_fees() -> None:
    """11 March, midnight of Bucharest: 240 h and 10 days before, 503 h and 21 after."""
    change = datetime(2025, 3, 11, tzinfo=ZONE)
    first = Price(valid_from=BEGIN, rate=Decimal("0.10"), fixed_monthly=Decimal(31))
    second = Price(valid_from=change, rate=Decimal("0.20"), fixed_monthly=Decimal(62))
    bill = cost(tariff(first, second), march(load("1")))
    assert [line.kwh for line in bill.lines] == [240, 503]
    assert amounts(bill.lines) == ["24.00", "100.60"]
    assert [(fee.days, fee.month_days) for fee in bill.fixed] == [(10, 31), (21, 31)]
    assert amounts(bill.fixed) == ["10.00", "42.00"]
    assert bill.total == Decimal("176.60")


def test_month_that_begins_late_pays_its_days() -> None:
    """Move-in at noon of 16 March: 15.5 of 31 days."""
    start = datetime(2025, 3, 16, 12, tzinfo=ZONE).astimezone(UTC)
    price = Price(valid_from=BEGIN, rate=Decimal(0), fixed_monthly=Decimal("99.99"))
    usage = Usage(span=Span(start, MARCH.end), zone=ZONE, energy_between=load("1"))
    [fee] = cost(tariff(price), usage).fixed
    assert (fee.days, fee.month_days) == (Decimal("15.5"), 31)
    assert str(fee.amount) == "50.00"


def test_day_of_23_hours_counts_one_day() -> None:
    """Noon of the day on which an hour is skipped comes after 11 of its 23 hours."""
    change = datetime(2025, 3, 30, 12, tzinfo=ZONE)
    prices = (
        Price(valid_from=BEGIN, rate=Decimal(0), fixed_monthly=Decimal(31)),
        Price(valid_from=change, rate=Decimal(0), fixed_monthly=Decimal(31)),
    )
    fixed = cost(tariff(*prices), march(load("1"))).fixed
    assert amounts(fixed) == ["29.48", "1.52"]
    assert round(fixed[0].days, 6) == Decimal("29.478261")


def test_blocks_go_on_over_a_change_of_price() -> None:
    """A new price in mid-month does not begin the first block again."""

    def price(begin: datetime, low: str, high: str) -> Price:
        blocks = (
            Block(up_to_kwh=Decimal(300), price=Decimal(low)),
            Block(up_to_kwh=None, price=Decimal(high)),
        )
        return Price(valid_from=begin, blocks=blocks)

    change = datetime(2025, 3, 11, tzinfo=ZONE)
    prices = price(BEGIN, "0.10", "0.20"), price(change, "0.30", "0.40")
    bill = cost(tariff(*prices), march(load("1")))
    assert [(line.row, line.kwh) for line in bill.lines] == [
        ("0 to 300 kWh", 240),
        ("0 to 300 kWh", 60),
        ("above 300 kWh", 443),
    ]
    assert amounts(bill.lines) == ["24.00", "18.00", "177.20"]


def test_blocks_share_metered_energy_and_estimates_to_the_last_digit() -> None:
    """PUE makes billed energy of metered energy; the parts of both add up."""
    blocks = (
        Block(up_to_kwh=Decimal(100), price=Decimal("0.1")),
        Block(up_to_kwh=None, price=Decimal("0.2")),
    )
    price = Price(valid_from=BEGIN, blocks=blocks, pue=Decimal("1.3"))
    used = Energy(Decimal(200), Decimal(10))
    bill = cost(tariff(price), march(lambda _s, _e: used))
    assert sum(line.metered_kwh for line in bill.lines) == bill.metered_kwh == 200
    assert sum(line.estimated_kwh for line in bill.lines) == bill.estimated_kwh == 10
    assert [line.kwh for line in bill.lines] == [100, 160]


def test_tax_is_rounded_once_for_each_percentage() -> None:
    """Three amounts of 0.03 at 19 % are 0.02 of tax together, not 0.01 each."""
    price = Price(
        valid_from=BEGIN,
        rate=Decimal("0.03"),
        fixed_monthly=Decimal("0.03"),
        demand=Decimal("0.03"),
        tax_percent=Decimal(19),
    )
    usage = march(all_at_start("1"), peak_between=lambda _s, _e: Decimal(1))
    bill = cost(tariff(price), usage)
    [tax] = bill.tax
    assert (tax.percent, tax.net, tax.amount) == (19, Decimal("0.09"), Decimal("0.02"))
    assert (bill.net, bill.total) == (Decimal("0.09"), Decimal("0.11"))


def test_amount_of_half_a_cent_is_rounded_up() -> None:
    """0.5 kWh at 0.01, and 1 of 31 days of 0.155."""
    price = Price(valid_from=BEGIN, rate=Decimal("0.01"))
    assert cost(tariff(price), march(all_at_start("0.5"))).total == Decimal("0.01")
    day = Span(MARCH.start, MARCH.start + timedelta(days=1))
    daily = Price(valid_from=BEGIN, rate=Decimal(0), fixed_monthly=Decimal("0.155"))
    usage = Usage(span=day, zone=ZONE, energy_between=load("0"))
    assert cost(tariff(daily), usage).total == Decimal("0.01")


def test_correction_of_a_locked_month_is_a_line_at_its_mean_price() -> None:
    """February: 12 kWh too much at 0.10 are a credit, whatever March costs."""
    february = span_of("month", date(2025, 2, 1), ZONE)
    change = datetime(2025, 3, 1, tzinfo=ZONE)
    prices = (
        Price(valid_from=BEGIN, rate=Decimal("0.10"), tax_percent=Decimal(10)),
        Price(valid_from=change, rate=Decimal("0.20"), tax_percent=Decimal(20)),
    )
    correction = Correction(month=february, kwh=Decimal(-12), energy_between=load("1"))
    bill = cost(tariff(*prices), march(load("1"), corrections=[correction]))
    [line] = bill.corrections
    assert (line.row, line.kwh, line.price) == (
        "correction of 2025-02",
        -12,
        Decimal("0.10"),
    )
    assert str(line.amount) == "-1.20"
    assert (line.start, line.end) == (february.start, february.end)
    assert bill.net == Decimal("147.40")
    assert [(tax.percent, tax.amount) for tax in bill.tax] == [
        (20, Decimal("29.72")),
        (10, Decimal("-0.12")),
    ]
    assert bill.metered_kwh == 743


def test_correction_of_a_month_without_energy_is_weighted_with_time() -> None:
    """Nothing was billed in March: 336 h at 0.24 and 407 h at 0.14."""
    price = Price(valid_from=BEGIN, rate=Decimal("0.14"), windows=(PEAK,))
    correction = Correction(month=MARCH, kwh=Decimal(100), energy_between=load("0"))
    april = span_of("month", date(2025, 4, 1), ZONE)
    usage = Usage(
        span=april, zone=ZONE, energy_between=load("0"), corrections=[correction]
    )
    [line] = cost(tariff(price), usage).corrections
    assert line.price == Decimal("0.185222")


@pytest.mark.parametrize(
    ("make", "start", "end"),
    [
        pytest.param(
            lambda: (
                Price(valid_from=datetime(2025, 3, 5, tzinfo=UTC), rate=Decimal(1)),
            ),
            MARCH.start,
            datetime(2025, 3, 5, tzinfo=UTC),
            id="before-the-first-price",
        ),
        pytest.param(
            lambda: (
                Price(
                    valid_from=BEGIN,
                    valid_to=datetime(2025, 3, 5, tzinfo=UTC),
                    rate=Decimal(1),
                ),
            ),
            datetime(2025, 3, 5, tzinfo=UTC),
            MARCH.end,
            id="after-the-last-price",
        ),
        pytest.param(
            lambda: (Price(valid_from=BEGIN, windows=(PEAK,)),),
            MARCH.start,
            datetime(2025, 3, 3, 5, tzinfo=UTC),
            id="outside-of-all-windows",
        ),
    ],
)
def test_time_without_a_price_is_refused(
    make: Callable[[], tuple[Price, ...]], start: datetime, end: datetime
) -> None:
    """A hole in a tariff never is a price of 0; the error says where it is."""
    with pytest.raises(TariffGapError) as caught:
        cost(tariff(*make()), march(load("1")))
    assert (caught.value.start, caught.value.end) == (start, end)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"rate": Decimal("NaN")},
        {"rate": Decimal(1), "blocks": (Block(up_to_kwh=None, price=Decimal(1)),)},
        {"blocks": (Block(up_to_kwh=Decimal(5), price=Decimal(1)),)},
        {
            "blocks": (
                Block(up_to_kwh=Decimal(0), price=Decimal(1)),
                Block(up_to_kwh=None, price=Decimal(1)),
            )
        },
        {"rate": Decimal(1), "pue": Decimal(0)},
        {"rate": Decimal(1), "fixed_monthly": Decimal(-1)},
        {"rate": Decimal(1), "valid_to": BEGIN},
    ],
)
def test_price_that_says_nothing_or_two_things_is_refused(
    members: dict[str, Any],
) -> None:
    """No such price reaches a bill."""
    with pytest.raises(TariffError):
        Price(valid_from=BEGIN, **members)


def test_prices_that_overlap_are_refused() -> None:
    """One instant has one price."""
    first = Price(valid_from=BEGIN, valid_to=BEGIN + timedelta(days=2), rate=Decimal(1))
    second = Price(valid_from=BEGIN + timedelta(days=1), rate=Decimal(1))
    with pytest.raises(TariffError, match="valid_from"):
        tariff(first, second)


def test_tariff_needs_a_name_and_a_currency() -> None:
    """What an invoice shows is there."""
    with pytest.raises(TariffError, match="currency"):
        Tariff(name="rack", currency="euro", prices=())
    with pytest.raises(TariffError, match="name"):
        Tariff(name=" ", currency="EUR", prices=())


def test_window_of_no_day_is_refused() -> None:
    """A week has days from 0 to 6."""
    for weekdays in ((), (7,)):
        with pytest.raises(TariffError, match="weekdays"):
            Window(
                name="x",
                weekdays=weekdays,
                start=time(1),
                end=time(2),
                price=Decimal(1),
            )


def test_two_windows_that_say_the_same_are_billed_once() -> None:
    """The second one covers nothing that the first one does not."""
    price = Price(valid_from=BEGIN, rate=Decimal("0.14"), windows=(PEAK, PEAK))
    assert cost(tariff(price), march(load("2"))).total == Decimal("275.24")
