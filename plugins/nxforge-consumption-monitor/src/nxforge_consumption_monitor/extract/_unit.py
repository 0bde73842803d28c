"""Units of meters: energy in kWh, power in kW, and what each word is worth."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Final, Literal

from ._errors import UnitError

__all__ = ["ARITHMETIC", "BASE_UNIT", "Quantity", "convert", "factor", "read_unit"]

Quantity = Literal[
    "energy",
    "power",
    "apparent",
    "voltage",
    "current",
    "pf",
    "frequency",
    "device_time",
]

# A context of our own: the process-wide one may be changed by anybody.
ARITHMETIC: Final = Context(prec=28)
BASE_UNIT: Final[dict[Quantity, str]] = {
    "energy": "kWh",
    "power": "kW",
    "apparent": "kVA",
    "voltage": "V",
    "current": "A",
    "pf": "",
    "frequency": "Hz",
    "device_time": "s",
}

# A unit is worth numerator / denominator of its base unit; a pair stays exact where
# a quotient (watt-minutes) has no end.
_WORTH: Final[dict[Quantity, dict[str, tuple[int, int]]]] = {
    "energy": {
        "Wh": (1, 1000),
        "kWh": (1, 1),
        "MWh": (1000, 1),
        "GWh": (1_000_000, 1),
        "Ws": (1, 3_600_000),
        "J": (1, 3_600_000),
        "kJ": (1, 3600),
        "MJ": (1000, 3600),
        "Wmin": (1, 60_000),
    },
    "power": {"W": (1, 1000), "kW": (1, 1), "MW": (1000, 1), "mW": (1, 1_000_000)},
    "apparent": {"VA": (1, 1000), "kVA": (1, 1), "MVA": (1000, 1)},
    "voltage": {"V": (1, 1), "mV": (1, 1000), "kV": (1000, 1)},
    "current": {"A": (1, 1), "mA": (1, 1000), "kA": (1000, 1)},
    "pf": {"": (1, 1), "%": (1, 100)},
    "frequency": {"Hz": (1, 1), "mHz": (1, 1000)},
    "device_time": {"s": (1, 1), "ms": (1, 1000)},
}
_JOINTS: Final = re.compile(r"[\s·⋅*.]+")
_IN_TEXT: Final = re.compile(
    r"(?:[\s*(\[]|&nbsp;|<[^<>]{0,200}>)*"
    r"(?P<unit>%|[^\W\d_]+(?:[·⋅*.][^\W\d_]+)?[23²³]?(?:/[^\W\d_]+)?)"
)


def read_unit(rest: str) -> str:
    """Return the unit word at the beginning of `rest`, empty when there is none."""
    found = _IN_TEXT.match(rest[:1000])
    return found["unit"] if found else ""


def convert(value: Decimal, unit: str, quantity: Quantity) -> Decimal:
    """Return `value` in the base unit of `quantity` (kWh, kW, kVA, V, A, Hz, s).

    Raises:
        UnitError: The unit is no unit of this quantity, or can mean two.
    """
    numerator, denominator = factor(unit, quantity)
    product = ARITHMETIC.multiply(value, Decimal(numerator))
    return ARITHMETIC.divide(product, Decimal(denominator))


def factor(unit: str, quantity: Quantity) -> tuple[int, int]:
    """Return what one `unit` is worth, as numerator and denominator.

    Raises:
        UnitError: The unit is no unit of this quantity, or can mean two.
    """
    worth = _WORTH[quantity]
    word = _JOINTS.sub("", unit)
    if word in worth:
        return worth[word]
    if word[:1] == "m" and _folded(f"M{word[1:]}") in map(_folded, worth):
        raise _ambiguous(unit, quantity)
    for name, pair in worth.items():
        if _folded(name) == _folded(word):
            return pair
    raise _foreign(unit, quantity)


def _folded(word: str) -> str:
    # The case of m and M is the difference of milli and mega: it stays.
    return word[:1] + word[1:].lower() if word[:1] in "mM" else word.lower()


def _ambiguous(unit: str, quantity: Quantity) -> UnitError:
    return UnitError(
        reason="ambiguous_unit",
        unit=unit,
        what="can mean milli or mega",
        remedy=f"name it in the rule: {{'step': 'unit', 'fixed': 'M{unit[1:]}'}} "
        f"or another unit of {quantity}",
    )


def _foreign(unit: str, quantity: Quantity) -> UnitError:
    names = ", ".join(name or "none" for name in _WORTH[quantity])
    reason = "unit_not_energy" if quantity == "energy" else f"not_{quantity}"
    return UnitError(
        reason=reason,
        unit=unit,
        what=f"is no unit of {quantity}",
        remedy=f"point the rule at a value in one of: {names}; or name the right "
        "unit in the rule: {'step': 'unit', 'fixed': ...}",
    )
