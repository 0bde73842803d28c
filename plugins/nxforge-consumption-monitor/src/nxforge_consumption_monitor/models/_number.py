"""Decimals as they are shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, TypeVar

__all__ = ["plain", "watts"]

N = TypeVar("N", Decimal, None, Decimal | None)

_ZERO: Final = Decimal(0)


def plain(value: N) -> N:
    """Without the zeros that a column's scale adds, and never with an exponent."""
    # A zero without exponent: 1E+3 and nothing is 1000.
    return None if value is None else value.normalize() + _ZERO


def watts(power_kw: Decimal | None) -> Decimal | None:
    """W from kW."""
    return None if power_kw is None else plain(power_kw * 1000)
