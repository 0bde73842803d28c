"""Decimals are shown as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nxforge_consumption_monitor.models import plain, watts


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("64142.01062600", "64142.010626"),
        ("100.00000000", "100"),
        ("1E+3", "1000"),
        ("0.00000000", "0"),
        ("-0.620340", "-0.62034"),
        ("999999999999.00000001", "999999999999.00000001"),
    ],
)
def test_plain_keeps_the_value_without_zeros_and_exponent(
    value: str, shown: str
) -> None:
    """The digits of the device, not those of the column."""
    assert str(plain(Decimal(value))) == shown


def test_unknown_stays_unknown() -> None:
    """Unknown is never turned into a number."""
    assert plain(None) is None
    assert watts(None) is None


def test_watts_are_exact() -> None:
    """KW become W without a binary fraction in between."""
    assert str(watts(Decimal("0.047110"))) == "47.11"
