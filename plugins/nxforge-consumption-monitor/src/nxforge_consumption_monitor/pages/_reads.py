"""What only pages ask the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_core.api import Connection, load_sql

__all__ = [
    "Attempt",
    "Busiest",
    "Failures",
    "Read",
    "Recent",
    "Success",
    "attempts_of",
    "attempts_since",
    "busiest_hour",
    "failures_since",
    "readings_between",
    "recent_attempts",
    "recent_powers",
]

_SQL: Final = load_sql("nxforge_consumption_monitor.pages")


class Recent(msgspec.Struct, frozen=True, kw_only=True):
    """The latest attempts of an endpoint, oldest first."""

    endpoint_id: str
    at: list[datetime]
    outcomes: list[str]
    errors: list[str]


class _Powers(msgspec.Struct, frozen=True, kw_only=True):
    endpoint_id: str
    kw: list[Decimal | None]


class Busiest(msgspec.Struct, frozen=True, kw_only=True):
    """The hour in which all endpoints together drew most."""

    start_ts: datetime
    avg_kw: Decimal


class Success(msgspec.Struct, frozen=True, kw_only=True):
    """How many attempts of an endpoint gave a reading."""

    endpoint_id: str
    attempts: int
    good: int


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One poll of an endpoint, whatever became of it."""

    started_at: datetime
    scrape_ms: int
    outcome: str
    http_status: int | None
    bytes: int | None
    error: str
    excerpt: str | None


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of the main channel of an endpoint."""

    endpoint_id: str
    name: str
    ts: datetime
    register_kwh: Decimal | None
    power_kw: Decimal | None
    quality: str
    reason: str


class Failures(msgspec.Struct, frozen=True, kw_only=True):
    """Failed attempts of one kind; `error` is of the latest."""

    outcome: str
    count: int
    first_at: datetime
    last_at: datetime
    error: str


async def recent_attempts(
    connection: Connection, endpoint_ids: Sequence[str], count: int
) -> Mapping[str, Recent]:
    """The last so many of each endpoint."""
    found = await connection.structs(
        Recent, _SQL.recent_attempts, list(endpoint_ids), count
    )
    return {each.endpoint_id: each for each in found}


async def recent_powers(
    connection: Connection, endpoint_ids: Sequence[str], count: int
) -> Mapping[str, Sequence[Decimal | None]]:
    """Of the last so many readings of each endpoint, oldest first."""
    found = await connection.structs(
        _Powers, _SQL.recent_powers, list(endpoint_ids), count
    )
    return {each.endpoint_id: each.kw for each in found}


async def busiest_hour(
    connection: Connection,
    low: datetime,
    high: datetime,
    endpoint_ids: Sequence[str] | None = None,
) -> Busiest | None:
    """The hour of [low, high) with the highest mean of all, or of those endpoints."""
    ids = None if endpoint_ids is None else list(endpoint_ids)
    found = await connection.structs(Busiest, _SQL.busiest_hour, low, high, ids)
    return found[0] if found else None


async def attempts_since(
    connection: Connection, since: datetime
) -> Mapping[str, Success]:
    """Of every endpoint that was asked."""
    found = await connection.structs(Success, _SQL.attempts_since, since)
    return {each.endpoint_id: each for each in found}


async def failures_since(
    connection: Connection, endpoint_id: str, since: datetime
) -> list[Failures]:
    """Of one endpoint, the most frequent kind first."""
    return await connection.structs(Failures, _SQL.failures_since, endpoint_id, since)


async def readings_between(
    connection: Connection,
    endpoint_ids: Sequence[str],
    span: tuple[datetime, datetime],
    page: tuple[int, int],
) -> list[Read]:
    """Of several endpoints together, the newest first; a page is how many, and from."""
    return await connection.structs(
        Read, _SQL.readings_between, list(endpoint_ids), *span, *page
    )


async def attempts_of(
    connection: Connection, endpoint_id: str, page: tuple[int, int]
) -> list[Attempt]:
    """Of one endpoint, the newest first; a page is how many, and from."""
    return await connection.structs(Attempt, _SQL.attempts_of, endpoint_id, *page)
