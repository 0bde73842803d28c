"""Corrections of months that were locked before, as lines of a later bill."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.register import Span

from ._bill import Line
from ._energy import Energy, EnergyBetween
from ._lines import energy_lines, line_of
from ._pieces import Piece, pieces_of
from ._tariff import Tariff

__all__ = ["Correction", "correction_line"]

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_SIX_PLACES = Decimal("0.000001")
_SECONDS_PER_HOUR = 3600
_ZERO = Decimal(0)


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What a locked month has too little.

    Attributes:
        month: The locked month, UTC.
        kwh: As metered; negative where it has too much.
        energy_between: What that month was billed by.
    """

    month: Span
    kwh: Decimal
    energy_between: EnergyBetween


def correction_line(
    tariff: Tariff, correction: Correction, zone: ZoneInfo
) -> tuple[Piece, Line]:
    """A correction at the mean price of one kWh of its month.

    When the missing energy was used is not known any more, so no window or block can
    claim it. The mean price is weighted with the energy that was billed, or with time
    where there was none. PUE and tax are those at the end of the month.

    Returns:
        The last piece of the corrected month, and the line.

    Raises:
        TariffGapError: the tariff has no price for that month.
    """
    pieces = list(pieces_of(tariff, correction.month, zone))
    price = _mean_price(tariff, pieces, zone, correction.energy_between)
    if price is None:
        price = _mean_price(tariff, pieces, zone, _steady) or _ZERO
    last = msgspec.structs.replace(pieces[-1], span=correction.month)
    day = correction.month.start.astimezone(zone)
    row = f"correction of {day:%Y-%m}"
    return last, line_of(last, row, Energy(correction.kwh), price)


def _mean_price(
    tariff: Tariff, pieces: list[Piece], zone: ZoneInfo, energy_between: EnergyBetween
) -> Decimal | None:
    lines = [
        line
        for piece in pieces
        for line in energy_lines(tariff, piece, pieces, zone, energy_between)
    ]
    kwh = sum((line.kwh for line in lines), _ZERO)
    if not kwh:
        return None
    exact = sum((_WIDE.multiply(line.kwh, line.price) for line in lines), _ZERO)
    return _WIDE.divide(exact, kwh).quantize(_SIX_PLACES, context=_WIDE)


def _steady(start: datetime, end: datetime) -> Energy:
    """A load of 1 kW."""
    return Energy(Decimal((end - start).total_seconds()) / _SECONDS_PER_HOUR)
