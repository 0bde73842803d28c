"""One number out of a text a device shows, exact to the digit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Literal

import msgspec

from ._errors import NumberError, NumberReason, OutOfRangeError

__all__ = ["NumberFormat", "ParsedNumber", "bounded", "parse_number"]

NumberFormat = Literal["auto", "comma", "dot"]

_SPACES: Final = " \u00a0\u2007\u2009\u202f'’"  # noqa: RUF001 - the quote is data
_MINUS: Final = str.maketrans({"\u2212": "-", "\u2013": "-"})
_DECIMAL_MARK: Final = {"dot": ".", "comma": ","}
# numeric(20,8) holds 12 digits before the point; CT ratios and units need some room.
_MAX_DIGITS: Final = 40
_MAX_EXPONENT: Final = 20
# Digits that follow a letter are part of a name (L1, T2), not a number. Two dots
# before it are a leader: "Energy......12.5 kWh".
_TOKEN: Final = re.compile(
    rf"(?P<sign>\A[-+]\s*|(?<!\w)[-+])?"
    rf"(?:(?<![\w.,'’])|(?<=\.\.)(?=[0-9]))"  # noqa: RUF001 - the quote is data
    rf"(?P<digits>[.,]?[0-9]++(?:[.,{_SPACES}][0-9]++)*+)"
    r"(?P<exponent>[eE][-+]?[0-9]{1,3}(?!\w))?"
)
# 12:30, 2025-01-31, 1/2 and 1-0:1.8.0 begin with a number and are none.
_BROKEN_TAIL: Final = re.compile(r"[.,'’:/-]+[0-9]|[xX][0-9a-fA-F]|[eE][-+]?[0-9]")  # noqa: RUF001


class ParsedNumber(msgspec.Struct, frozen=True):
    """A number and what surrounds it: `rest` is the text behind it."""

    value: Decimal
    rest: str
    warnings: tuple[str, ...] = ()


def parse_number(text: str, form: NumberFormat = "auto") -> ParsedNumber:
    """Read the first number of `text`.

    Args:
        text: Any text; units and words around the number are allowed.
        form: What the comma and the dot mean; `auto` finds out or refuses.

    Raises:
        NumberError: There is none, or it can be read in two ways.
    """
    clean = text.strip().translate(_MINUS)
    found = _TOKEN.search(clean)
    if found is None:
        raise NumberError(reason="no_number", text=text)
    rest = clean[found.end() :]
    if _BROKEN_TAIL.match(rest):
        raise NumberError(reason="malformed_number", text=text)
    digits = found["digits"]
    mark, warnings = _decimal_mark(digits, form, text)
    whole, fraction = _split(digits, mark, text)
    sign = (found["sign"] or "").strip()
    number = f"{sign}{whole or '0'}.{fraction}{found['exponent'] or ''}"
    return ParsedNumber(bounded(number, text), rest, warnings)


def bounded(number: str | Decimal, text: str) -> Decimal:
    """Return `number` as a Decimal a register can hold.

    Raises:
        OutOfRangeError: It has too many digits, or no number has its size.
    """
    size = len(number) if isinstance(number, str) else len(number.as_tuple().digits)
    value = Decimal(0) if size > 2 * _MAX_DIGITS else Decimal(number)
    if not value.is_finite() or size > 2 * _MAX_DIGITS:
        raise OutOfRangeError(text)
    exponent = value.as_tuple().exponent
    if abs(value.adjusted()) > _MAX_EXPONENT or int(exponent) < -_MAX_DIGITS:
        raise OutOfRangeError(text)
    return value


def _decimal_mark(
    digits: str, form: NumberFormat, text: str
) -> tuple[str, tuple[str, ...]]:
    if form != "auto":
        return _DECIMAL_MARK[form], ()
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        return (",", ())[0] if digits.rfind(",") > digits.rfind(".") else ".", ()
    if dots + commas != 1:
        return "", ()
    mark = "." if dots else ","
    if not _looks_grouped(digits, mark):
        return mark, ()
    if mark == ",":
        raise NumberError(reason="ambiguous_number", text=text)
    return mark, ("ambiguous_decimal",)


def _looks_grouped(digits: str, mark: str) -> bool:
    whole, _, fraction = digits.partition(mark)
    return (
        whole.isdigit()
        and len(whole) <= 3  # noqa: PLR2004 - thousands come in threes
        and whole[0] != "0"
        and len(fraction) == 3  # noqa: PLR2004
    )


def _split(digits: str, mark: str, text: str) -> tuple[str, str]:
    whole, fraction = digits, ""
    if mark and mark in digits:
        whole, _, fraction = digits.rpartition(mark)
        if not fraction.isdigit() or mark in whole:
            raise NumberError(reason=_broken(digits), text=text)
    return _ungroup(whole, digits, text), fraction


def _ungroup(whole: str, digits: str, text: str) -> str:
    marks = {c for c in whole if not c.isdigit()}
    if not marks:
        return whole
    first, *groups = re.split(rf"[.,{_SPACES}]", whole)
    regular = len(marks) == 1 and all(len(g) == 3 for g in groups)  # noqa: PLR2004
    if not regular or not 1 <= len(first) <= 3 or first == "0":  # noqa: PLR2004
        raise NumberError(reason=_broken(digits), text=text)
    return first + "".join(groups)


def _broken(digits: str) -> NumberReason:
    spaced = any(c in _SPACES for c in digits)
    return "malformed_grouping" if spaced else "malformed_number"
