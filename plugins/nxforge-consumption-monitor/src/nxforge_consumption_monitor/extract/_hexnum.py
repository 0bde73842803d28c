"""Hexadecimal numbers of meters, with the multiplier and divisor beside them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from ._errors import NumberError, OutOfRangeError
from ._unit import ARITHMETIC

__all__ = ["read_hexnum"]

_HEX: Final = re.compile(r"(?:0[xX])?([0-9a-fA-F]{1,16})")
_MOST: Final = 20


def read_hexnum(
    value: str, multiplier: str | None, divisor: str | None, *, signed: bool
) -> tuple[Decimal, Decimal]:
    """Return the number, and the worth of its last digit.

    Args:
        value: Hexadecimal digits, with or without `0x`.
        multiplier: The same; 0 means 1, as the meters' makers say.
        divisor: The same.
        signed: The digits are a two's complement of their own length.

    Raises:
        NumberError: One of them is no such number.
    """
    number = _read(value)
    digits = len(_digits(value))
    if signed and number >= 1 << (4 * digits - 1):
        number -= 1 << (4 * digits)
    factor = Decimal((multiplier and _read(multiplier)) or 1)
    size = ARITHMETIC.divide(factor, Decimal((divisor and _read(divisor)) or 1))
    result = ARITHMETIC.multiply(Decimal(number), size)
    if result.adjusted() > _MOST:
        raise OutOfRangeError(value)
    return result, size


def _read(text: str) -> int:
    return int(_digits(text), 16)


def _digits(text: str) -> str:
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise NumberError(reason="no_number", text=text)
    return found[1]
