"""What a scraper is told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = [
    "MetricChannel",
    "MetricErrors",
    "MetricEvents",
    "metric_channels",
    "metric_errors",
    "metric_events",
]


class MetricChannel(msgspec.Struct, frozen=True, kw_only=True):
    """The latest values of a channel; `total_kwh` is the unwrapped register."""

    name: str
    interval_s: int
    channel: str
    ts: datetime | None
    sample_ts: datetime | None
    total_kwh: Decimal | None
    register_kwh: Decimal | None
    power_kw: Decimal | None
    outcome: str | None
    failures: int
    scrape_ms: int | None


class MetricEvents(msgspec.Struct, frozen=True, kw_only=True):
    """How many events of a type a channel had."""

    name: str
    channel: str
    type: str
    count: int


class MetricErrors(msgspec.Struct, frozen=True, kw_only=True):
    """How many polls of an endpoint failed for a reason."""

    name: str
    reason: str
    count: int


async def metric_channels(connection: Connection) -> list[MetricChannel]:
    """Every channel of the enabled endpoints."""
    return await connection.structs(MetricChannel, SQL.metric_channels)


async def metric_errors(connection: Connection) -> list[MetricErrors]:
    """Polls that failed, counted by reason since the endpoint was made."""
    return await connection.structs(MetricErrors, SQL.metric_errors)


async def metric_events(connection: Connection) -> list[MetricEvents]:
    """Events that were not dismissed, counted by type."""
    return await connection.structs(MetricEvents, SQL.metric_events)
