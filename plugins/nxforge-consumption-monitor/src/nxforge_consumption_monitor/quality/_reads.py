"""What is read of days to judge them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_core.api import Connection, load_sql

__all__ = [
    "DayFacts",
    "DayRow",
    "GapFound",
    "JudgedEndpoint",
    "day_facts",
    "day_rows",
    "gaps_found",
    "judged_endpoints",
]

_SQL: Final = load_sql("nxforge_consumption_monitor.quality")


class JudgedEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Whose days are judged."""

    id: str
    name: str
    tz: str
    interval_s: int
    gap_after_s: int | None
    created_at: datetime


class DayFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What readings and attempts say of a day; `n` counts in the order asked."""

    n: int
    rejected: int
    suspect: int
    rule_versions: int
    clock_skew_s: Decimal | None
    frozen_run: int | None
    frozen_s: int | None
    mean_scrape_ms: int | None
    failed: int
    top_error: str | None


class GapFound(msgspec.Struct, frozen=True, kw_only=True):
    """Time between two good readings that is a gap."""

    endpoint_id: str
    since: datetime
    until: datetime


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A stored day."""

    endpoint_id: str
    start_ts: datetime
    energy_kwh: Decimal | None
    estimated_kwh: Decimal | None
    readings: int
    coverage: Decimal


async def judged_endpoints(
    connection: Connection, endpoint_id: str | None, group_id: str | None
) -> list[JudgedEndpoint]:
    """All endpoints by name, the one with the id, or those of a group."""
    return await connection.structs(
        JudgedEndpoint, _SQL.judged_endpoints, endpoint_id, group_id
    )


async def day_facts(
    connection: Connection, days: Sequence[tuple[str, datetime, datetime]]
) -> list[DayFacts]:
    """For each (endpoint, start, end), in the order asked."""
    return await connection.structs(
        DayFacts,
        _SQL.judged_days,
        [who for who, _, _ in days],
        [low for _, low, _ in days],
        [high for _, _, high in days],
    )


async def gaps_found(
    connection: Connection,
    wanted: Sequence[tuple[str, datetime, datetime, float]],
    now: datetime,
) -> list[GapFound]:
    """For each (endpoint, start, end, longest seconds), by endpoint and time."""
    return await connection.structs(
        GapFound,
        _SQL.reading_gaps,
        [who for who, _, _, _ in wanted],
        [low for _, low, _, _ in wanted],
        [high for _, _, high, _ in wanted],
        [longest for _, _, _, longest in wanted],
        now,
    )


async def day_rows(
    connection: Connection, ids: Sequence[str], low: datetime, high: datetime
) -> list[DayRow]:
    """Stored days of endpoints that begin in [low, high)."""
    return await connection.structs(DayRow, _SQL.day_rollups, ids, low, high)
