"""What holds for every bill."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nxforge_consumption_monitor.billing import (
    Block,
    Energy,
    Price,
    Profile,
    Stretch,
    Tariff,
    Usage,
    Window,
    cost,
    hours_of,
)
from nxforge_consumption_monitor.register import Span, span_of

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = ["UTC", "Europe/Bucharest", "Asia/Kathmandu", "Australia/Lord_Howe"]
#: Months with a change of the clocks, here and there, and one without.
MONTHS = [date(2025, 3, 1), date(2025, 4, 1), date(2025, 6, 1), date(2025, 10, 1)]

zones = st.sampled_from(ZONES).map(ZoneInfo)
months = st.sampled_from(MONTHS)
prices_of_kwh = st.decimals(0, 1, places=4)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
windows = st.builds(
    Window,
    name=st.just("window"),
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(
        lambda days: tuple(sorted(days))
    ),
    start=times,
    end=times,
    price=prices_of_kwh,
)


@st.composite
def block_prices(draw: st.DrawFn) -> tuple[Block, ...]:
    """Two blocks."""
    limit = draw(st.decimals(1, 500, places=1))
    low, high = draw(prices_of_kwh), draw(prices_of_kwh)
    return (Block(up_to_kwh=limit, price=low), Block(up_to_kwh=None, price=high))


@st.composite
def prices(draw: st.DrawFn) -> Price:
    """A price of any kind."""
    members = {
        "valid_from": BEGIN,
        "fixed_monthly": draw(st.decimals(0, 100, places=2)),
        "pue": draw(st.decimals(1, 2, places=2)),
        "tax_percent": draw(st.decimals(0, 25, places=1)),
    }
    if draw(st.booleans()):
        return Price(**members, blocks=draw(block_prices()))
    some = tuple(draw(st.lists(windows, max_size=3)))
    return Price(**members, rate=draw(prices_of_kwh), windows=some)


def hourly(span: Span, steps: list[Decimal]) -> Profile:
    """A meter whose hours of use come again and again; each fourth one is a gap."""
    at, kwh, hours = span.start.replace(minute=0), Decimal(1000), []
    while at < span.end:
        step = steps[len(hours) % len(steps)]
        estimated = step if len(hours) % 4 == 3 else Decimal(0)
        hours.append(
            Stretch(
                span=Span(at, at + HOUR),
                start_kwh=kwh,
                end_kwh=kwh + step,
                estimated_kwh=estimated,
            )
        )
        at, kwh = at + HOUR, kwh + step
    return Profile(span, hours)


steps_of_hours = st.lists(st.decimals(0, 9, places=3), min_size=1, max_size=30)


def usage(span: Span, zone: ZoneInfo, profile: Profile) -> Usage:
    """What a meter answers."""
    return Usage(span=span, zone=zone, energy_between=profile.between)


def tariff(price: Price) -> Tariff:
    """One price."""
    return Tariff(name="any", currency="EUR", prices=(price,))


@settings(max_examples=40, deadline=None)
@given(price=prices(), zone=zones, month=months, steps=steps_of_hours)
def test_total_is_the_sum_of_what_the_bill_shows(
    price: Price, zone: ZoneInfo, month: date, steps: list[Decimal]
) -> None:
    """Whoever adds up the lines by hand gets the total, and the energy of the month."""
    span = span_of("month", month, zone)
    profile = hourly(span, steps)
    bill = cost(tariff(price), usage(span, zone, profile))
    net = sum(each.amount for each in (*bill.lines, *bill.fixed))
    assert net == bill.net
    assert bill.net + sum(tax.amount for tax in bill.tax) == bill.total
    whole = profile.between(span.start, span.end)
    assert Energy(bill.metered_kwh, bill.estimated_kwh) == whole
    assert sum(line.kwh for line in bill.lines) == whole.kwh * price.pue


@settings(max_examples=40, deadline=None)
@given(
    price=prices(),
    zone=zones,
    month=months,
    steps=steps_of_hours,
    part=st.floats(0.001, 0.999),
)
def test_month_split_at_any_instant_has_the_same_energy(
    price: Price, zone: ZoneInfo, month: date, steps: list[Decimal], part: float
) -> None:
    """A change of price moves no energy out of the month and makes none."""
    span = span_of("month", month, zone)
    profile = hourly(span, steps)
    at = span.start + (span.end - span.start) * part
    later = Price(valid_from=at, rate=Decimal(1))
    both = Tariff(name="any", currency="EUR", prices=(price, later))
    bill = cost(both, usage(span, zone, profile))
    whole = profile.between(span.start, span.end)
    assert Energy(bill.metered_kwh, bill.estimated_kwh) == whole
    assert profile.between(span.start, at) + profile.between(at, span.end) == whole


@settings(max_examples=40, deadline=None)
@given(
    price=prices(),
    zone=zones,
    month=months,
    steps=steps_of_hours,
    more=st.decimals(0, 5, places=3),
)
def test_more_consumption_never_costs_less(
    price: Price, zone: ZoneInfo, month: date, steps: list[Decimal], more: Decimal
) -> None:
    """As much or more in every hour: the total does not fall."""
    span = span_of("month", month, zone)
    less = cost(tariff(price), usage(span, zone, hourly(span, steps)))
    added = hourly(span, [step + more for step in steps])
    assert cost(tariff(price), usage(span, zone, added)).total >= less.total


@settings(max_examples=60, deadline=None)
@given(
    some=st.lists(windows, min_size=1, max_size=3),
    zone=zones,
    month=months,
)
def test_windows_share_out_a_month_without_hole_or_overlap(
    some: list[Window], zone: ZoneInfo, month: date
) -> None:
    """Each part follows the one before, and its wall clock is that of its window."""
    price = Price(valid_from=BEGIN, rate=Decimal(0), windows=tuple(some))
    span = span_of("month", month, zone)
    parts = list(hours_of(price, span, zone))
    assert parts[0][1].start == span.start
    assert parts[-1][1].end == span.end
    assert all(one.end == other.start for (_, one), (_, other) in pairwise(parts))
    for window, part in parts:
        for at in (part.start, part.end - timedelta(seconds=1)):
            wall = at.astimezone(zone)
            covered = [x for x in some if x.covers(wall.weekday(), wall.time())]
            assert (covered[0] if covered else None) is window


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2025, 3, 30), 3, id="clocks-forward"),
        pytest.param(date(2025, 10, 26), 5, id="clocks-back"),
        pytest.param(date(2025, 6, 15), 4, id="any-day"),
    ],
)
def test_window_over_a_change_of_the_clocks_is_of_the_wall_clock(
    day: date, hours: int
) -> None:
    """From 1 to 5 o'clock are 3, 4 or 5 hours; the rest of the day is the rest."""
    zone = ZoneInfo("Europe/Bucharest")
    window = Window(
        name="night",
        weekdays=tuple(range(7)),
        start=time(1),
        end=time(5),
        price=Decimal(1),
    )
    price = Price(valid_from=BEGIN, rate=Decimal(0), windows=(window,))
    span = span_of("day", day, zone)
    inside = [part.hours for each, part in hours_of(price, span, zone) if each]
    outside = [part.hours for each, part in hours_of(price, span, zone) if not each]
    assert inside == [hours]
    assert sum(outside) + hours == span.hours


def test_window_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    """Friday 23:00 to Saturday 07:00, and no other night."""
    zone = ZoneInfo("Europe/Bucharest")
    window = Window(
        name="night", weekdays=(4,), start=time(23), end=time(7), price=Decimal(1)
    )
    price = Price(valid_from=BEGIN, rate=Decimal(0), windows=(window,))
    span = span_of("week", date(2025, 6, 18), zone)
    [night] = [part for each, part in hours_of(price, span, zone) if each]
    assert night.start.astimezone(zone) == datetime(2025, 6, 20, 23, tzinfo=zone)
    assert night.hours == 8


def test_profile_knows_nothing_outside_of_its_registers() -> None:
    """Before the first and after the last register nothing is invented."""
    span = Span(BEGIN, BEGIN + 10 * HOUR)
    known = Span(BEGIN + 2 * HOUR, BEGIN + 3 * HOUR)
    hour = Stretch(span=known, start_kwh=Decimal(5), end_kwh=Decimal(7))
    profile = Profile(span, [hour])
    assert profile.between(span.start, span.end) == Energy(Decimal(2))
    assert profile.between(span.start, known.start) == Energy()
    assert profile.between(known.end, span.end) == Energy()
    assert profile.between(known.start, known.start + HOUR / 2).kwh == 1
    assert not Profile(span, []).is_known


def test_profile_takes_the_ends_of_its_month_before_those_of_an_hour() -> None:
    """An hour of a locked month next door was not rewritten; the month's sum holds."""
    span = Span(BEGIN, BEGIN + 2 * HOUR)
    old = Stretch(
        span=Span(BEGIN - HOUR / 2, BEGIN + HOUR / 2),
        start_kwh=Decimal(90),
        end_kwh=Decimal(95),
    )
    new = Stretch(
        span=Span(BEGIN + HOUR / 2, BEGIN + 3 * HOUR / 2),
        start_kwh=Decimal(102),
        end_kwh=Decimal(106),
    )
    whole = Stretch(span=span, start_kwh=Decimal(100), end_kwh=Decimal(108))
    profile = Profile(span, [old, new], [whole])
    assert profile.between(span.start, span.end).kwh == 8
    assert profile.between(span.start, span.start + HOUR / 2).kwh == 0
