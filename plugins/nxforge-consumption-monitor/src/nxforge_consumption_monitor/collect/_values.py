"""The values of an answer by channel, and the time of the device's clock."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from nxforge_consumption_monitor.extract import (
    LOCAL,
    Extraction,
    Measurement,
    Quantity,
)

__all__ = ["by_channel", "device_time"]

_DEVICE_TIME: Final = "device_time"


def by_channel(extraction: Extraction) -> dict[str, dict[Quantity, Measurement]]:
    """The values of each channel, channels in the order of the rules."""
    channels: dict[str, dict[Quantity, Measurement]] = {}
    for each in extraction.measurements:
        if each.quantity == _DEVICE_TIME:
            continue
        channels.setdefault(each.channel, {})[each.quantity] = each
    return channels


def device_time(extraction: Extraction) -> datetime | None:
    """What the device's clock says; None where no rule reads it or it makes no sense.

    Its value is in seconds since 1970; without a zone where nobody says which it is.
    """
    for each in extraction.measurements:
        if each.quantity == _DEVICE_TIME:
            with suppress(OverflowError, ValueError, OSError):
                said = datetime.fromtimestamp(float(each.value), UTC)
                return said.replace(tzinfo=None) if each.raw_unit == LOCAL else said
    return None
