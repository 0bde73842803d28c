"""Monthly amounts, pro rata of the month's days."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from ._bill import Fee, cents
from ._energy import PeakBetween
from ._errors import PeakUnknownError
from ._pieces import Piece
from ._tariff import Tariff

__all__ = ["demand_fee", "fixed_fee"]


def fixed_fee(piece: Piece) -> Fee:
    """The fixed amount of a piece."""
    return _fee(piece, "fixed", Decimal(1), piece.price.fixed_monthly)


def demand_fee(tariff: Tariff, piece: Piece, peak_between: PeakBetween) -> Fee:
    """What the month's peak costs above the contracted one.

    The peak is that of the month, also where its price changes within.

    Raises:
        PeakUnknownError: no quarter of an hour is known well enough.
    """
    month = piece.month
    peak = peak_between(month.start, month.end)
    if peak is None:
        raise PeakUnknownError(tariff=tariff.name, start=month.start, end=month.end)
    contracted = piece.price.contracted_kw
    above = max(peak - contracted, Decimal(0))
    fee = _fee(piece, "demand", above, piece.price.demand)
    return replace(fee, peak_kw=peak, contracted_kw=contracted)


def _fee(piece: Piece, row: str, quantity: Decimal, price: Decimal) -> Fee:
    return Fee(
        row=row,
        start=piece.span.start,
        end=piece.span.end,
        days=piece.days,
        month_days=piece.month_days,
        quantity=quantity,
        price=price,
        amount=cents(quantity, price, piece.days, divisor=piece.month_days),
    )
