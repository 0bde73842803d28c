"""The number a person typed, in all ways it can be meant."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final, Literal, get_args

import msgspec

from nxforge_consumption_monitor.extract import (
    NumberError,
    NumberFormat,
    Quantity,
    UnitError,
    convert,
    parse_number,
    read_unit,
)
from nxforge_core.api import InvalidInputError

__all__ = ["FindError", "Match", "Wanted", "matches", "read_wanted"]

Match = Literal["exact", "rounded", "near"]

_MAX_CHARS: Final = 60
_MOST: Final = Decimal(10) ** 15
#: How far a register counts between a look at its display and the answer.
_NEAR: Final = Decimal("0.0005")
#: Shorter numbers are near too many others.
_LEAST_DIGITS: Final = 4
_QUANTITIES: Final[tuple[Quantity, ...]] = (
    "energy",
    "power",
    "apparent",
    "voltage",
    "current",
    "frequency",
)


class FindError(InvalidInputError):
    """What was typed is no number."""

    code = "invalid_find"

    def __init__(self, text: str) -> None:
        super().__init__(
            field="find",
            value=text[:_MAX_CHARS],
            remedy="type the number as the display shows it, such as '12345.6' or "
            "'12.345,6 kWh'",
        )


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for.

    Attributes:
        values: The number, once for each way its signs can be read.
        unit: The unit that was typed, or empty.
        quantity: What the unit measures; None without one.
        is_moving: A number close to it will do: the register counted on since.
    """

    values: tuple[Decimal, ...]
    unit: str = ""
    quantity: Quantity | None = None
    is_moving: bool = False


def read_wanted(text: str) -> Wanted:
    """Read what a person typed, in any locale.

    Raises:
        FindError: It is no number.
    """
    values: list[Decimal] = []
    rest = ""
    for form in get_args(NumberFormat):
        try:
            parsed = parse_number(text[:_MAX_CHARS], form)
        except NumberError:
            continue
        rest = rest or parsed.rest
        if parsed.value not in values:
            values.append(parsed.value)
    if not values:
        raise FindError(text)
    unit = read_unit(rest)
    quantity = quantity_of(unit) if unit else None
    return Wanted(
        values=tuple(values), unit=unit if quantity else "", quantity=quantity
    )


def quantity_of(unit: str) -> Quantity | None:
    """What a unit measures; None if it is none, or can be two."""
    for quantity in _QUANTITIES:
        try:
            convert(Decimal(1), unit, quantity)
        except UnitError:
            continue
        return quantity
    return None


def matches(found: Decimal, wanted: Wanted) -> tuple[Match, int] | None:
    """Whether a number of the page is the one that was typed.

    A display shows fewer digits than the page has, rounded or cut off.

    Returns:
        How well it fits, and which of the readings it is.
    """
    if found in wanted.values:
        return "exact", wanted.values.index(found)
    for index, value in enumerate(wanted.values):
        place = Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0))
        is_finer = int(found.as_tuple().exponent) < place.adjusted()
        if not is_finer or not value or abs(found) >= _MOST:
            continue
        roundings = (ROUND_HALF_UP, ROUND_DOWN)
        if value in {found.quantize(place, rounding=each) for each in roundings}:
            return "rounded", index
    return _near(found, wanted) if wanted.is_moving else None


def _near(found: Decimal, wanted: Wanted) -> tuple[Match, int] | None:
    for index, value in enumerate(wanted.values):
        is_long = len(value.as_tuple().digits) >= _LEAST_DIGITS
        if is_long and abs(found - value) <= abs(value) * _NEAR:
            return "near", index
    return None
