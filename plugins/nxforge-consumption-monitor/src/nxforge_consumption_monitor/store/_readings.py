"""Pages of readings and failed attempts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = ["ReadingsFilter", "RowKey", "StoredReading", "count_readings", "readings"]


class RowKey(msgspec.Struct, frozen=True, array_like=True):
    """Where a row stands in the order of `readings`."""

    ts: datetime
    endpoint_id: str
    channel: str


class ReadingsFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which readings are wanted, [low, high), newest first."""

    endpoint_id: str | None = None
    low: datetime | None = None
    high: datetime | None = None
    success: bool | None = None
    qualities: list[str] | None = None
    after: RowKey | None = None
    limit: int = 100


class StoredReading(msgspec.Struct, frozen=True, kw_only=True):
    """A reading, or an attempt that gave none: then `channel` is empty."""

    endpoint_id: str
    channel: str
    ts: datetime
    slot: datetime
    register_kwh: Decimal | None
    total_kwh: Decimal | None
    power_kw: Decimal | None
    voltage: Decimal | None
    current_a: Decimal | None
    power_factor: Decimal | None
    quality: str | None
    reason: str
    rule_version: int | None
    outcome: str
    error: str | None
    success: bool

    @property
    def key(self) -> RowKey:
        """The row's place in the order."""
        return RowKey(self.ts, self.endpoint_id, self.channel)


async def readings(
    connection: Connection, wanted: ReadingsFilter
) -> list[StoredReading]:
    """One page."""
    after = wanted.after
    return await connection.structs(
        StoredReading,
        SQL.list_readings,
        *_common(wanted),
        after.ts if after else None,
        after.endpoint_id if after else None,
        after.channel if after else None,
        wanted.limit,
    )


async def count_readings(
    connection: Connection, wanted: ReadingsFilter, most: int
) -> int:
    """Rows on all pages; of readings and of failed attempts `most` are counted."""
    counted = await connection.fetchval(SQL.count_readings, *_common(wanted), most)
    return int(counted)


def _common(wanted: ReadingsFilter) -> tuple[object, ...]:
    return (
        wanted.endpoint_id,
        wanted.low,
        wanted.high,
        wanted.success,
        wanted.qualities,
    )
