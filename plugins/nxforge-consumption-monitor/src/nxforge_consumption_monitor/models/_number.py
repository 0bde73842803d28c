"""Decimals as they are shown."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

__all__ = ["plain", "watts"]

N = TypeVar("N", Decimal, None, Decimal | None)


def plain(value: N) -> N:
    """Without the zeros that a column's scale adds, and never with an exponent."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()


def watts(power_kw: Decimal | None) -> Decimal | None:
    """W from kW."""
    return None if power_kw is None else plain(power_kw * 1000)
