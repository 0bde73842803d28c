"""What the events about readings and their hours, days and months say."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from nxforge_core.api import Model

__all__ = ["COLLECTED", "REPAIRED", "Collected", "Repaired"]

COLLECTED: Final = "metric.collected"
REPAIRED: Final = "metric.repaired"


class Collected(Model, gc=False):
    """A reading that was stored: the original's members, and new ones.

    Unknown is null, never 0.

    Attributes:
        total_kwh: The register as the device shows it, kWh.
        current_kwh: Energy of the current month so far, kWh.
        power: W.
        timestamp: The instant the reading stands for.
        channel: `total`, or the first that the device has.
    """

    source: str
    type: str
    endpoint_id: str
    endpoint_name: str
    group_id: str | None
    channel: str
    total_kwh: Decimal | None
    current_kwh: Decimal | None
    power: Decimal | None
    voltage: Decimal | None
    current: Decimal | None
    quality: str
    timestamp: datetime


class Repaired(Model):
    """Hours, days or months that were not what the readings say, computed again.

    Attributes:
        rows: How many were wrong.
        since: Where the first of them begins.
    """

    endpoint_id: str
    endpoint_name: str
    rows: int
    since: datetime
