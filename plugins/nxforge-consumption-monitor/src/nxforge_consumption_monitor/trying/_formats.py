"""Which decimal sign the texts of one register agree on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal

import msgspec

from nxforge_consumption_monitor.extract import NumberError, NumberFormat, parse_number

__all__ = ["Formats", "compare_formats"]

_SIGNS: Final[tuple[NumberFormat, ...]] = ("dot", "comma")


class Formats(msgspec.Struct, frozen=True, kw_only=True):
    """What texts say together.

    Attributes:
        verdict: `agreed`; `pin`: one can be read in two ways, so the rule must say
            which; `conflict`: no single format reads them all.
        format: The only one that reads them all; None where both or none does.
    """

    verdict: Literal["agreed", "pin", "conflict"]
    format: NumberFormat | None = None


def compare_formats(texts: Sequence[str]) -> Formats:
    """Compare the texts that a register showed.

    12,5 and then 1,234: the first says that the comma is the decimal sign, the second
    alone would be refused. A rule that does not say it stops one day, or is wrong.
    """
    possible = set(_SIGNS)
    doubtful = False
    for text in texts:
        readings = _readings(text)
        if not readings:
            continue
        if len(set(readings.values())) > 1:
            doubtful = True
        possible &= set(readings)
    if not possible:
        return Formats(verdict="conflict")
    only = next(iter(possible)) if len(possible) == 1 else None
    return Formats(verdict="pin" if doubtful else "agreed", format=only)


def _readings(text: str) -> dict[NumberFormat, Decimal]:
    found: dict[NumberFormat, Decimal] = {}
    for form in _SIGNS:
        try:
            found[form] = parse_number(text, form).value
        except NumberError:
            continue
    return found
