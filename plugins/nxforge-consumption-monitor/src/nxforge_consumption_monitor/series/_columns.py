"""Readings and rollups as columns: what charts are drawn of."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_core.api import Connection, load_sql

__all__ = [
    "EnergyColumns",
    "PointColumns",
    "PowerColumns",
    "SeriesEndpoint",
    "energy_columns",
    "point_after",
    "point_before",
    "point_columns",
    "power_columns",
    "series_endpoints",
]

SQL: Final = load_sql("nxforge_consumption_monitor.series")


class SeriesEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Whose series it is."""

    id: str
    name: str
    external_ref: str | None
    interval_s: int
    gap_after_s: int | None
    tz: str
    created_at: datetime


class PointColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Readings in order of time."""

    ts: list[datetime]
    kw: list[Decimal | None]
    kwh: list[Decimal | None]


class PowerColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Buckets of hours in order of time; `covered` counts hours."""

    ts: list[datetime]
    min_kw: list[Decimal | None]
    max_kw: list[Decimal | None]
    measured_kwh: list[Decimal | None]
    covered: list[Decimal]


class EnergyColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Rollups in order of time."""

    start_ts: list[datetime]
    end_ts: list[datetime]
    kwh: list[Decimal | None]
    estimated_kwh: list[Decimal | None]
    coverage: list[Decimal]
    start_quality: list[str | None]
    end_quality: list[str | None]


async def series_endpoints(
    connection: Connection, ids: list[str] | None, group_id: str | None, limit: int
) -> list[SeriesEndpoint]:
    """Endpoints by name: those with the ids, or those of the group."""
    return await connection.structs(
        SeriesEndpoint, SQL.series_endpoints, ids, group_id, limit
    )


async def point_columns(
    connection: Connection,
    channel: tuple[str, str],
    low: datetime,
    high: datetime,
    limit: int,
) -> PointColumns:
    """Readings of (endpoint, channel) in [low, high), the first so many."""
    [found] = await connection.structs(
        PointColumns, SQL.series_points, *channel, low, high, limit
    )
    return found


async def power_columns(
    connection: Connection,
    channel: tuple[str, str],
    low: datetime,
    high: datetime,
    width_s: int,
) -> PowerColumns:
    """Hours of (endpoint, channel) in [low, high), in buckets of so many seconds."""
    [found] = await connection.structs(
        PowerColumns, SQL.power_buckets, *channel, low, high, width_s
    )
    return found


async def energy_columns(
    connection: Connection,
    channel: tuple[str, str],
    grain: str,
    low: datetime,
    high: datetime,
) -> EnergyColumns:
    """Rollups of (endpoint, channel) that share time with [low, high)."""
    [found] = await connection.structs(
        EnergyColumns, SQL.energy_buckets, *channel, grain, low, high
    )
    return found


async def point_before(
    connection: Connection, channel: tuple[str, str], at: datetime
) -> tuple[datetime, Decimal] | None:
    """The last known total of (endpoint, channel) before an instant."""
    row = await connection.fetchrow(SQL.point_before, *channel, at)
    return None if row is None else (row["ts"], row["total_kwh"])


async def point_after(
    connection: Connection, channel: tuple[str, str], at: datetime
) -> tuple[datetime, Decimal] | None:
    """The first known total of (endpoint, channel) at an instant or later."""
    row = await connection.fetchrow(SQL.point_after, *channel, at)
    return None if row is None else (row["ts"], row["total_kwh"])
