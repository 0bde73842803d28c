"""One value of a page."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from ._unit import Quantity

__all__ = ["Measurement"]


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a page.

    Attributes:
        value: In kWh, kW, kVA, V, A, Hz, or seconds since 1970.
        raw_text: What the device shows, at most 200 characters.
        raw_unit: The unit the device or the rule names.
        resolution: Value of the last digit the device shows, in the same unit as
            `value`; None where it shows the noise of a binary float.
        warnings: What is worth a look, one word each.
    """

    quantity: Quantity
    channel: str
    value: Decimal
    raw_text: str
    raw_unit: str
    resolution: Decimal | None
    warnings: tuple[str, ...] = ()
