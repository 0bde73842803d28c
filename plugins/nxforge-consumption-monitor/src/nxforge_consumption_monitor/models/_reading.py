"""The answer of `readings`: stored readings and failed attempts, newest first."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from nxforge_core.api import Model, Success

__all__ = ["ReadingRow", "ReadingsAnswer", "ReadingsMeta"]


class ReadingRow(Model):
    """A reading, or with `success` false an attempt that gave none.

    Attributes:
        total_kwh: The register as the device shows it, kWh.
        current_kwh: Energy of that month up to the reading, kWh.
        power: W.
        outcome: `ok`, or why the attempt failed, in one word.
        reason: Why the quality is what it is; empty for an ordinary reading.
    """

    id: str
    endpoint_id: str
    timestamp: datetime
    total_kwh: Decimal | None
    current_kwh: Decimal | None
    voltage: Decimal | None
    current: Decimal | None
    power: Decimal | None
    power_factor: Decimal | None
    success: bool
    error_message: str | None
    channel: str
    register_kwh: Decimal | None
    power_kw: Decimal | None
    quality: str | None
    reason: str
    outcome: str
    rule_version: int | None
    slot: datetime


class ReadingsMeta(Model):
    """What was asked for, and where the next page begins.

    Attributes:
        total: Rows that match, on all pages; above a million no more are counted.
        next_cursor: Value of `cursor` for the next page; null on the last.
    """

    total: int
    from_: datetime | None
    to: datetime | None
    next_cursor: str | None


class ReadingsAnswer(Success[list[ReadingRow]]):
    """The whole answer of `readings`."""

    # Of an inherited member the OpenAPI document would not know the type.
    data: list[ReadingRow]
    meta: ReadingsMeta
