"""What the zeros before a register say about where it begins again."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.extract import UnitError, convert

__all__ = ["Modulus", "propose_modulus"]

#: A register of fewer digits would be full within weeks; more fit no register.
_DIGITS: Final = range(4, 13)
_PADDED: Final = re.compile(r"(?<![\w.,])(0[0-9]+)(?![0-9])")


class Modulus(msgspec.Struct, frozen=True, kw_only=True):
    """Digits before the decimal sign, and the first value that they cannot show."""

    digits: int
    modulus_kwh: Decimal


def propose_modulus(raw_text: str, raw_unit: str) -> Modulus | None:
    """Read the width of a register that is padded with zeros.

    `00012345` has 8 digits: it goes back to 0 at 100000000 of its unit. Without zeros
    in front nothing is said.
    """
    found = _PADDED.match(raw_text.strip())
    if found is None or len(found[1]) not in _DIGITS:
        return None
    size = Decimal(10) ** len(found[1])
    try:
        modulus = convert(size, raw_unit or "kWh", "energy")
    except UnitError:
        return None
    return Modulus(digits=len(found[1]), modulus_kwh=modulus)
