"""What a period costs by a tariff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.register import Span

from ._bill import Bill, Fee, Line, PueLine, TaxLine, cents
from ._correct import Correction, correction_line
from ._energy import EnergyBetween, PeakBetween
from ._fees import demand_fee, fixed_fee
from ._lines import energy_lines
from ._pieces import Piece, pieces_of
from ._tariff import Tariff

__all__ = ["Usage", "cost"]

_ZERO = Decimal(0)
_NOTHING = Decimal("0.00")
_PERCENT = Decimal(100)


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What was used, as questions that the register answers.

    Attributes:
        span: The period to bill, UTC.
        zone: Of the site: its months, days and wall clock.
        energy_between: Energy between two instants: the difference of the unwrapped
            register at both, so that parts of a period add up to it. Of several
            meters it is their sum.
        peak_between: Highest 15-minute mean between two instants, kW; None where no
            quarter of an hour is known well enough.
        corrections: Of earlier months, booked in this period.
    """

    span: Span
    zone: ZoneInfo
    energy_between: EnergyBetween
    peak_between: PeakBetween = lambda _start, _end: None
    corrections: Sequence[Correction] = ()


def cost(tariff: Tariff, usage: Usage) -> Bill:
    """The bill of a period.

    The period is split at calendar months and where prices change. Every amount is
    rounded to 0.01 half up, once, and the totals are sums of rounded amounts.

    Raises:
        TariffGapError: there is time without a price.
        PeakUnknownError: demand is billed and no peak is known.
    """
    pieces = list(pieces_of(tariff, usage.span, usage.zone))
    lines = [
        (piece, line)
        for piece in pieces
        for line in energy_lines(
            tariff, piece, pieces, usage.zone, usage.energy_between
        )
    ]
    fixed = [(piece, fixed_fee(piece)) for piece in pieces if piece.price.fixed_monthly]
    demand = [
        (piece, demand_fee(tariff, piece, usage.peak_between))
        for piece in pieces
        if piece.price.demand
    ]
    corrections = [
        correction_line(tariff, each, usage.zone) for each in usage.corrections
    ]
    billed: list[tuple[Piece, Line | Fee]] = [*lines, *fixed, *demand, *corrections]
    net = sum((each.amount for _, each in billed), _NOTHING)
    tax = tuple(_tax(billed))
    return Bill(
        tariff=tariff.name,
        currency=tariff.currency,
        start=usage.span.start,
        end=usage.span.end,
        lines=tuple(line for _, line in lines),
        fixed=tuple(fee for _, fee in fixed),
        demand=tuple(fee for _, fee in demand),
        corrections=tuple(line for _, line in corrections),
        pue=tuple(_pue([*lines, *corrections])),
        metered_kwh=sum((line.metered_kwh for _, line in lines), _ZERO),
        estimated_kwh=sum((line.estimated_kwh for _, line in lines), _ZERO),
        net=net,
        tax=tax,
        total=sum((each.amount for each in tax), net),
    )


def _pue(lines: Iterable[tuple[Piece, Line]]) -> Iterator[PueLine]:
    found: dict[Decimal, list[Line]] = {}
    for piece, line in lines:
        if piece.price.pue != 1:
            found.setdefault(piece.price.pue, []).append(line)
    for factor, those in found.items():
        yield PueLine(
            factor=factor,
            metered_kwh=sum((line.metered_kwh for line in those), _ZERO),
            kwh=sum((line.kwh for line in those), _ZERO),
        )


def _tax(billed: Iterable[tuple[Piece, Line | Fee]]) -> Iterator[TaxLine]:
    nets: dict[Decimal, Decimal] = {}
    for piece, each in billed:
        percent = piece.price.tax_percent
        if percent:
            nets[percent] = nets.get(percent, _NOTHING) + each.amount
    for percent, net in nets.items():
        amount = cents(net, percent, divisor=_PERCENT)
        yield TaxLine(percent=percent, net=net, amount=amount)
