"""What a bill consists of; all money is rounded to 0.01, half up."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal

import msgspec

__all__ = ["Bill", "Fee", "Line", "PueLine", "TaxLine", "cents"]

_CENT = Decimal("0.01")
_ONE = Decimal(1)
#: Registers have up to 20 digits and prices some more: nothing is rounded on the way.
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


class Line(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Energy at one price.

    Attributes:
        row: Window, block, `energy`, or the month that is corrected.
        start: Where the price begins to hold within the period.
        end: Where it ends.
        metered_kwh: As measured.
        estimated_kwh: Of it, what lies within gaps.
        kwh: As billed: metered by the PUE factor, not rounded.
        price: Of one kWh.
        amount: Rounded.
    """

    row: str
    start: datetime
    end: datetime
    metered_kwh: Decimal
    estimated_kwh: Decimal
    kwh: Decimal
    price: Decimal
    amount: Decimal


class Fee(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A monthly amount: fixed, or for demand.

    Attributes:
        row: `fixed` or `demand`.
        start: Where the price begins to hold within the period.
        end: Where it ends.
        days: How many days of the calendar month it holds; a day counts one, however
            long it is.
        month_days: How many the month has.
        quantity: 1, or the kW above those contracted.
        price: Of one, for a whole month.
        amount: Rounded.
        peak_kw: The 15-minute peak that demand is billed by.
        contracted_kw: What of it costs nothing.
    """

    row: str
    start: datetime
    end: datetime
    days: Decimal
    month_days: Decimal
    quantity: Decimal
    price: Decimal
    amount: Decimal
    peak_kw: Decimal | None = None
    contracted_kw: Decimal | None = None


class PueLine(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How metered energy became billed energy; its money is in the lines already.

    Attributes:
        factor: Of the price.
        metered_kwh: Energy of all lines with this factor, as measured.
        kwh: The same as billed.
    """

    factor: Decimal
    metered_kwh: Decimal
    kwh: Decimal


class TaxLine(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Tax at one percentage on the sum of the amounts it applies to."""

    percent: Decimal
    net: Decimal
    amount: Decimal


class Bill(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Cost of a period.

    Attributes:
        tariff: Its name.
        currency: ISO 4217.
        start: Of the period.
        end: First instant after it.
        lines: Energy.
        fixed: Monthly fees.
        demand: Demand fees.
        corrections: Of months that were locked before; negative ones are credits.
        pue: One line for each factor other than 1.
        net: Sum of all amounts but tax.
        tax: One line for each percentage other than 0.
        metered_kwh: Of the period, as measured.
        estimated_kwh: Of it, what lies within gaps.
        total: Net and tax.
    """

    tariff: str
    currency: str
    start: datetime
    end: datetime
    lines: tuple[Line, ...]
    fixed: tuple[Fee, ...]
    demand: tuple[Fee, ...]
    corrections: tuple[Line, ...]
    pue: tuple[PueLine, ...]
    metered_kwh: Decimal
    estimated_kwh: Decimal
    net: Decimal
    tax: tuple[TaxLine, ...]
    total: Decimal


def cents(*factors: Decimal, divisor: Decimal = _ONE) -> Decimal:
    """A product of exact factors as money; divided last, so that halves stay halves."""
    exact = _ONE
    for factor in factors:
        exact = _WIDE.multiply(exact, factor)
    return _WIDE.divide(exact, divisor).quantize(_CENT, context=_WIDE)
