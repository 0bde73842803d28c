"""What live values and reports read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = [
    "HealthFigures",
    "LiveChannel",
    "Neighbours",
    "ReportedEndpoint",
    "health_figures",
    "live_channels",
    "live_version",
    "neighbours",
    "reported_endpoints",
]


class LiveChannel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
    group_id: str | None
    group_name: str | None
    external_ref: str | None
    breaker_percent: Decimal | None
    ts: datetime | None
    register_kwh: Decimal | None
    power_kw: Decimal | None
    voltage: Decimal | None
    current_a: Decimal | None
    power_factor: Decimal | None
    quality: str | None
    outcome: str | None
    error: str | None
    today_kwh: Decimal | None
    month_kwh: Decimal | None


class ReportedEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint in a report."""

    id: str
    name: str
    client_name: str | None
    location: str | None
    enabled: bool
    interval_s: int
    tz: str
    external_ref: str | None
    group_id: str | None
    group_name: str | None


class Neighbours(msgspec.Struct, frozen=True, kw_only=True):
    """The good readings around an instant; `n` counts from 1 in the order asked."""

    n: int
    before_ts: datetime | None
    before_kwh: Decimal | None
    after_ts: datetime | None
    after_kwh: Decimal | None


class HealthFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How collection goes."""

    enabled: int
    failing: int
    attempted_at: datetime | None
    interval_s: int | None


async def live_channels(connection: Connection, now: datetime) -> list[LiveChannel]:
    """Every endpoint that is not archived, by name, with its day and month at `now`."""
    return await connection.structs(LiveChannel, SQL.live_channels, now)


async def live_version(connection: Connection) -> str:
    """A text that is another one whenever `live_channels` may answer otherwise."""
    return str(await connection.fetchval(SQL.live_version))


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


async def health_figures(connection: Connection) -> HealthFigures:
    """How many endpoints are polled and how many of them fail."""
    [figures] = await connection.structs(HealthFigures, SQL.health_figures)
    return figures
