"""Cells of a file as kWh."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.extract import NumberError, parse_number

from ._options import NumberFormat, Unit
from ._row_errors import (
    LargeValueError,
    NegativeValueError,
    NotNumberError,
    NotOnlyNumberError,
)

__all__ = ["FileValues", "Value"]

_FACTORS: Final[dict[Unit, Decimal]] = {
    "kWh": Decimal(1),
    "Wh": Decimal("0.001"),
    "MWh": Decimal(1000),
}
_BEGINS: Final = re.compile(r"[-+\u2212\u2013]?\s*[0-9.,]")
_LARGEST: Final = Decimal(10) ** 12


class Value(msgspec.Struct, frozen=True):
    """A value in kWh, and what its last digit is worth."""

    kwh: Decimal
    resolution_kwh: Decimal


class FileValues:
    """Reads the values of one file.

    Args:
        form: What comma and dot mean.
        unit: Of the values.
        largest: What the register can show, kWh; None where nobody said it.

    Attributes:
        doubtful: How many could mean something else and were read as decimals.
    """

    def __init__(self, form: NumberFormat, unit: Unit, largest: Decimal | None) -> None:
        self._form = form
        self._unit = unit
        self._largest = largest
        self.doubtful = 0

    def value(self, text: str) -> Value:
        """The value of a cell.

        Raises:
            RowError: it is no number, or none that a meter shows.
        """
        number = self._number(text)
        factor = _FACTORS[self._unit]
        kwh = number * factor
        if kwh < 0:
            raise NegativeValueError(text=text)
        if kwh >= _LARGEST or (self._largest is not None and kwh > self._largest):
            bound = min(self._largest or _LARGEST, _LARGEST)
            raise LargeValueError(text=text, bound=f"{bound:f}")
        exponent = number.as_tuple().exponent
        digits = exponent if isinstance(exponent, int) else 0
        return Value(kwh, Decimal(1).scaleb(min(digits, 0)) * factor)

    def _number(self, text: str) -> Decimal:
        try:
            found = parse_number(text, self._form)
        except NumberError as error:
            raise NotNumberError(why=_words(error)) from None
        unit = found.rest.strip().lower()
        if not _BEGINS.match(text.strip()) or unit not in {"", self._unit.lower()}:
            raise NotOnlyNumberError(text=text, unit=self._unit)
        self.doubtful += bool(found.warnings)
        return found.value


def _words(error: NumberError) -> str:
    if error.reason == "ambiguous_number":
        plain = error.text.strip()
        one, other = plain.replace(",", ""), plain.replace(",", ".")
        return f"{plain!r} could be {one} or {other}; name it as 'numberFormat'"
    return str(error)
