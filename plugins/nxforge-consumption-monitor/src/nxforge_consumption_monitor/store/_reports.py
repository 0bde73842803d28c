"""What live values and reports read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = [
    "Bounds",
    "HealthFigures",
    "LiveChannel",
    "Neighbours",
    "PeriodFigures",
    "ReportedEndpoint",
    "health_figures",
    "live_channels",
    "neighbours",
    "period_figures",
    "reported_endpoints",
]


class LiveChannel(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint with the kept latest values of its channel."""

    id: str
    name: str
    client_name: str | None
    location: str | None
    enabled: bool
    kind: str
    type: str
    interval_s: int
    tz: str
    ts: datetime | None
    register_kwh: Decimal | None
    total_kwh: Decimal | None
    power_kw: Decimal | None
    voltage: Decimal | None
    current_a: Decimal | None
    power_factor: Decimal | None
    quality: str | None
    outcome: str | None
    error: str | None
    attempted_at: datetime | None


class ReportedEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint in a report."""

    id: str
    name: str
    client_name: str | None
    location: str | None
    enabled: bool
    interval_s: int
    tz: str


class Neighbours(msgspec.Struct, frozen=True, kw_only=True):
    """The good readings around an instant; `n` counts from 1 in the order asked."""

    n: int
    before_ts: datetime | None
    before_kwh: Decimal | None
    after_ts: datetime | None
    after_kwh: Decimal | None


class Bounds(msgspec.Struct, frozen=True):
    """An endpoint's part of time, [low, high)."""

    endpoint_id: str
    low: datetime
    high: datetime


class PeriodFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Good readings of an endpoint in its bounds."""

    endpoint_id: str
    readings: int
    power_kw: Decimal | None
    first_ts: datetime | None
    last_ts: datetime | None


class HealthFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How collection goes."""

    enabled: int
    failing: int
    attempted_at: datetime | None
    interval_s: int | None


async def live_channels(connection: Connection) -> list[LiveChannel]:
    """Every endpoint that is not archived, by name."""
    return await connection.structs(LiveChannel, SQL.live_channels)


async def reported_endpoints(
    connection: Connection,
    endpoint_id: str | None = None,
    *,
    archived: bool = False,
) -> list[ReportedEndpoint]:
    """All endpoints by name, or the one with the id."""
    return await connection.structs(
        ReportedEndpoint, SQL.reported_endpoints, endpoint_id, archived
    )


async def neighbours(
    connection: Connection, wanted: Sequence[tuple[str, datetime]]
) -> list[Neighbours]:
    """The good readings around each wanted instant, in the order asked."""
    ids = [endpoint_id for endpoint_id, _ in wanted]
    instants = [instant for _, instant in wanted]
    return await connection.structs(Neighbours, SQL.neighbours, ids, instants)


async def period_figures(
    connection: Connection, bounds: Sequence[Bounds]
) -> dict[str, PeriodFigures]:
    """Counts and mean power by endpoint id, one entry for each of the bounds."""
    rows = await connection.structs(
        PeriodFigures,
        SQL.period_figures,
        [each.endpoint_id for each in bounds],
        [each.low for each in bounds],
        [each.high for each in bounds],
    )
    return {row.endpoint_id: row for row in rows}


async def health_figures(connection: Connection) -> HealthFigures:
    """How many endpoints are polled and how many of them fail."""
    [figures] = await connection.structs(HealthFigures, SQL.health_figures)
    return figures
