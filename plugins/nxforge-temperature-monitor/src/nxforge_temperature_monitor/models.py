"""What goes over the wire, and the settings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from nxforge_core.api import Body, Model

__all__ = ["NewReading", "Reading", "Stored", "TemperatureSettings"]

Celsius = Annotated[Decimal, Meta(ge=-273.15, le=999)]


class NewReading(Body):
    """A temperature to store; without `ts` it counts as measured now."""

    sensor: Annotated[str, Meta(min_length=1, max_length=100)]
    celsius: Celsius
    ts: Annotated[datetime, Meta(tz=True)] | None = None


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
