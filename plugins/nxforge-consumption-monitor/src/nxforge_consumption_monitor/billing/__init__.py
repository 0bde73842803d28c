"""Tariffs and cost: pure functions over Decimal and UTC instants.

`cost` answers what a period costs. It asks for energy as differences of the register,
so a price change splits a month exactly where it happens.
"""

from __future__ import annotations

from ._bill import Bill, Fee, Line, PueLine, TaxLine
from ._correct import Correction
from ._cost import Usage, cost
from ._energy import Energy, EnergyBetween, PeakBetween, Profile, Stretch
from ._errors import PeakUnknownError, TariffError, TariffGapError
from ._hours import hours_of
from ._pieces import Piece, pieces_of, prices_in
from ._tariff import Block, Price, Tariff, Window

__all__ = [
    "Bill",
    "Block",
    "Correction",
    "Energy",
    "EnergyBetween",
    "Fee",
    "Line",
    "PeakBetween",
    "PeakUnknownError",
    "Piece",
    "Price",
    "Profile",
    "PueLine",
    "Stretch",
    "Tariff",
    "TariffError",
    "TariffGapError",
    "TaxLine",
    "Usage",
    "Window",
    "cost",
    "hours_of",
    "pieces_of",
    "prices_in",
]
