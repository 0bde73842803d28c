"""What goes over the wire, and the settings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import Body, InvalidInputError, Model

__all__ = ["NewReading", "Reading", "Stored", "TemperatureSettings"]

#: Absolute zero, and more than any probe in a rack survives.
_RANGE: Final = (Decimal("-273.15"), Decimal(999))


class NewReading(Body):
    """A temperature to store; without `ts` it counts as measured now."""

    sensor: Annotated[str, Meta(min_length=1, max_length=100)]
    celsius: Decimal
    ts: Annotated[datetime, Meta(tz=True)] | None = None

    def check(self) -> None:
        """Refuse what no sensor can mean.

        Raises:
            InvalidInputError: the temperature is out of range.
        """
        low, high = _RANGE
        if self.celsius.is_nan() or not low <= self.celsius <= high:
            raise InvalidInputError(
                field="celsius",
                value=str(self.celsius),
                remedy=f"give degrees Celsius between {low} and {high}",
            )


class Reading(Model):
    """A stored temperature."""

    sensor: str
    ts: datetime
    celsius: Decimal


class Stored(Model):
    """Whether a reading was new."""

    stored: bool


class TemperatureSettings(msgspec.Struct, frozen=True):
    """Settings of the plugin."""

    retention_days: Annotated[int, Meta(ge=1)] = 365
