"""Energy by windows of the week, or by blocks of a month's consumption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from itertools import chain
from zoneinfo import ZoneInfo

from ._bill import Line, cents
from ._energy import Energy, EnergyBetween
from ._errors import TariffGapError
from ._hours import hours_of
from ._pieces import Piece
from ._tariff import Block, Tariff, Window

__all__ = ["energy_lines", "line_of"]

_WIDE = Context(prec=60)
_SIX_PLACES = Decimal("0.000001")
_ZERO = Decimal(0)


def energy_lines(
    tariff: Tariff,
    piece: Piece,
    pieces: Sequence[Piece],
    zone: ZoneInfo,
    energy_between: EnergyBetween,
) -> Iterator[Line]:
    """What the energy of a piece costs.

    Args:
        tariff: Whose piece it is.
        piece: With one price.
        pieces: All of the period: blocks go on where the month's earlier ones ended.
        zone: Whose wall clock windows are meant by.
        energy_between: Of the meters that are billed.

    Raises:
        TariffGapError: no window covers an hour, and there is no rate.
    """
    if not piece.price.blocks:
        return _windows(tariff, piece, zone, energy_between)
    earlier = [
        _billed(each, energy_between(each.span.start, each.span.end).kwh)
        for each in pieces
        if each.month == piece.month and each.span.end <= piece.span.start
    ]
    used = energy_between(piece.span.start, piece.span.end)
    return _blocks(piece, used, sum(earlier, _ZERO))


def line_of(
    piece: Piece, row: str, used: Energy, price: Decimal, kwh: Decimal | None = None
) -> Line:
    """A line of a piece; `kwh` is what is billed, if that is not metered by PUE."""
    billed = _billed(piece, used.kwh) if kwh is None else kwh
    return Line(
        row=row,
        start=piece.span.start,
        end=piece.span.end,
        metered_kwh=used.kwh,
        estimated_kwh=used.estimated_kwh,
        kwh=billed,
        price=price,
        amount=cents(billed, price),
    )


def _windows(
    tariff: Tariff, piece: Piece, zone: ZoneInfo, energy_between: EnergyBetween
) -> Iterator[Line]:
    used: dict[Window | None, Energy] = {}
    for window, part in hours_of(piece.price, piece.span, zone):
        if window is None and piece.price.rate is None:
            raise TariffGapError(tariff=tariff.name, start=part.start, end=part.end)
        energy = energy_between(part.start, part.end)
        used[window] = used.get(window, Energy()) + energy
    # two windows that say the same are one
    for window in dict.fromkeys(piece.price.windows):
        if window in used:
            yield line_of(piece, window.name, used[window], window.price)
    if None in used:
        row = "other hours" if piece.price.windows else "energy"
        yield line_of(piece, row, used[None], piece.price.rate or _ZERO)


def _blocks(piece: Piece, used: Energy, before: Decimal) -> Iterator[Line]:
    """By blocks, going on from what the month had used before this piece."""
    low, high = before, before + _billed(piece, used.kwh)
    floors = chain([_ZERO], (b.up_to_kwh or _ZERO for b in piece.price.blocks))
    rest = used
    for floor, block in zip(floors, piece.price.blocks, strict=False):
        top = high if block.up_to_kwh is None else min(block.up_to_kwh, high)
        kwh = top - max(floor, low)
        if kwh > 0:
            part = rest if top == high else _part(used, kwh, high - low)
            rest = Energy(rest.kwh - part.kwh, rest.estimated_kwh - part.estimated_kwh)
            yield line_of(piece, _row(floor, block), part, block.price, kwh)


def _part(used: Energy, kwh: Decimal, whole: Decimal) -> Energy:
    """As much of the metered energy as a block has of the billed one."""
    return Energy(_share(used.kwh, kwh, whole), _share(used.estimated_kwh, kwh, whole))


def _share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    exact = _WIDE.divide(_WIDE.multiply(amount, part), whole)
    return exact.quantize(_SIX_PLACES, context=_WIDE)


def _row(floor: Decimal, block: Block) -> str:
    if block.up_to_kwh is None:
        return f"above {floor} kWh"
    return f"{floor} to {block.up_to_kwh} kWh"


def _billed(piece: Piece, metered: Decimal) -> Decimal:
    return _WIDE.multiply(metered, piece.price.pue)
