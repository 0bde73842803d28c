"""Instants and registers that a person typed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from nxforge_core.api import InvalidInputError

__all__ = ["check_instant", "check_register"]

#: No meter that reports to this plugin was read before.
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
#: What the column holds; a larger value is no measurement.
_LARGEST: Final = Decimal(10) ** 12


def check_instant(field: str, value: datetime, now: datetime) -> datetime:
    """An instant in UTC that has passed.

    Raises:
        InvalidInputError: it has no offset, lies in the future, or before 2000.
    """
    if value.tzinfo is None:
        remedy = "give it with its offset, such as 2025-03-31T06:00:00+03:00"
        raise InvalidInputError(field=field, value=value.isoformat(), remedy=remedy)
    if value > now:
        remedy = f"give an instant that has passed; it is {now.isoformat()} now"
        raise InvalidInputError(field=field, value=value.isoformat(), remedy=remedy)
    if value < _EARLIEST:
        remedy = f"give an instant after {_EARLIEST.date().isoformat()}"
        raise InvalidInputError(field=field, value=value.isoformat(), remedy=remedy)
    return value.astimezone(UTC)


def check_register(
    field: str, value: Decimal | None, modulus_kwh: Decimal | None = None
) -> Decimal | None:
    """A register that a meter can show.

    Raises:
        InvalidInputError: it is negative, no number, or has too many digits.
    """
    if value is None:
        return None
    largest = _LARGEST if modulus_kwh is None else modulus_kwh
    if not value.is_finite() or value < 0:
        remedy = "give the number on the display, kWh: 0 or more"
        raise InvalidInputError(field=field, value=str(value), remedy=remedy)
    if value > largest:
        remedy = f"this register shows no more than {largest:f} kWh"
        raise InvalidInputError(field=field, value=str(value), remedy=remedy)
    return value
