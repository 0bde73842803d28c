"""Buckets that fill at a steady rate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.security import Rates, site_of


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """What it shows."""
        return self.now


@given(
    rate=st.floats(0.5, 100),
    steps=st.lists(st.floats(0, 3), min_size=1, max_size=300),
)
def test_no_pattern_gets_more_than_its_rate(rate: float, steps: list[float]) -> None:
    """However requests are spread, ten seconds' worth and the rate are the most."""
    clock = Clock()
    rates = Rates(rate, clock)
    passed = 0
    for step in steps:
        clock.now += step
        passed += not rates.spend("a")

    assert passed <= rate * (10 + clock.now - 1000) + 1e-6


def test_burst_then_steady() -> None:
    """Ten seconds' worth at once, then one each time there is room again."""
    clock = Clock()
    rates = Rates(2, clock)
    first = sum(not rates.spend("a") for _ in range(50))
    wait = rates.spend("a")
    clock.now += wait + 1e-6

    assert first == 20
    assert wait == pytest.approx(0.5)
    assert rates.wait("a") == 0
    assert rates.spend("a") == 0
    assert rates.spend("a") > 0


def test_keys_do_not_share() -> None:
    """What one key spent costs no other anything."""
    rates = Rates(1, Clock())
    for _ in range(20):
        rates.spend("a")

    assert rates.wait("a") > 0
    assert rates.wait("b") == rates.spend("b") == 0


def test_refused_tries_cost_nothing() -> None:
    """Whoever keeps trying waits no longer for it."""
    clock = Clock()
    rates = Rates(1, clock)
    waits = [rates.spend("a") for _ in range(100)]

    assert waits[-1] == pytest.approx(1.0)


def test_memory_is_bounded() -> None:
    """Of too many keys the one seen least recently is forgotten."""
    rates = Rates(1, Clock(), size=3)
    for key in ("a", "b", "a", "c", "d"):
        rates.spend(key)

    assert len(rates) == 3


def test_zero_is_no_limit() -> None:
    """A rate of zero refuses nothing and remembers nobody."""
    rates = Rates(0, Clock())

    assert [rates.spend("a") for _ in range(5)] == [0.0] * 5
    assert rates.wait("a") == len(rates) == 0


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", ""),
    ],
)
def test_site_is_what_one_customer_has(address: str, site: str) -> None:
    """An IPv6 network of one customer counts as one address."""
    assert site_of(address) == site
