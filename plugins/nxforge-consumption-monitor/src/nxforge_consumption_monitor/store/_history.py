"""What a restatement reads and rewrites of one channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.models import ResetPolicy, RollupRow
from nxforge_core.api import Connection

from ._statements import SQL

__all__ = [
    "DecidedEvent",
    "HeldEndpoint",
    "NamedEndpoint",
    "StoredRegister",
    "UnevenMonth",
    "booked_adjustments",
    "channels_of",
    "decided_events",
    "endpoints_to_verify",
    "first_stored",
    "history",
    "hold_endpoint",
    "kept_since",
    "last_good",
    "locked_months",
    "stored_rollups",
    "uneven_months",
]


class HeldEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint whose state nobody else writes until the transaction ends."""

    id: str
    interval_s: int
    gap_after_s: int | None
    tz: str
    max_kw: Decimal
    multiplier: Decimal
    modulus_kwh: Decimal | None
    register_digits: int | None
    resolution_kwh: Decimal | None
    reset_policy: ResetPolicy


class StoredRegister(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stored reading, as far as the arithmetic goes."""

    ts: datetime
    register_kwh: Decimal | None
    total_kwh: Decimal | None
    power_kw: Decimal | None
    voltage: Decimal | None
    quality: str
    reason: str
    source: str
    resolution_kwh: Decimal | None


class NamedEndpoint(msgspec.Struct, frozen=True):
    """An endpoint, and what it is called."""

    id: str
    name: str


class UnevenMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A stored month beside the sum of its stored days."""

    channel: str
    grain: str
    start: datetime
    end: datetime
    before_kwh: Decimal | None
    after_kwh: Decimal | None


class DecidedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A break of a register: what a person decided about it, or nobody yet."""

    ts: datetime
    type: str
    old_kwh: Decimal | None
    new_kwh: Decimal | None
    state: str


async def hold_endpoint(
    connection: Connection, endpoint_id: str
) -> HeldEndpoint | None:
    """Hold an endpoint's state until the end of the transaction; None without one."""
    found = await connection.structs(HeldEndpoint, SQL.hold_endpoint, endpoint_id)
    return found[0] if found else None


async def channels_of(connection: Connection, endpoint_id: str) -> list[str]:
    """The channels that are known of an endpoint."""
    rows = await connection.fetch(SQL.channels_of, endpoint_id)
    return [row["channel"] for row in rows]


async def last_good(
    connection: Connection,
    endpoint_id: str,
    channel: str,
    until: datetime,
    *,
    high: bool = False,
) -> datetime | None:
    """When the last good reading until an instant was taken.

    Args:
        connection: Any.
        endpoint_id: Of the endpoint.
        channel: Of it.
        until: That instant is included.
        high: Only one whose register is the highest seen until then.
    """
    found: datetime | None = await connection.fetchval(
        SQL.last_good, endpoint_id, channel, until, high
    )
    return found


async def first_stored(
    connection: Connection, endpoint_id: str, channel: str
) -> datetime | None:
    """When the first reading that is stored was taken, whatever it is worth."""
    found: datetime | None = await connection.fetchval(
        SQL.first_stored, endpoint_id, channel
    )
    return found


async def kept_since(
    connection: Connection, endpoint_id: str, channel: str, first: datetime | None
) -> datetime | None:
    """When the first good reading was taken that retention has left of more.

    Args:
        connection: Any.
        endpoint_id: Of the endpoint.
        channel: Of it.
        first: When the first reading that is stored was taken.
    """
    found: datetime | None = await connection.fetchval(
        SQL.kept_since, endpoint_id, channel, first
    )
    return found


async def history(
    connection: Connection,
    endpoint_id: str,
    channel: str,
    after: datetime,
    *,
    limit: int,
) -> list[StoredRegister]:
    """Readings later than an instant, in order of time."""
    return await connection.structs(
        StoredRegister, SQL.history, endpoint_id, channel, after, limit
    )


async def decided_events(
    connection: Connection, endpoint_id: str, channel: str
) -> list[DecidedEvent]:
    """Breaks that are decided or proposed, in order of time."""
    return await connection.structs(
        DecidedEvent, SQL.decided_events, endpoint_id, channel
    )


async def stored_rollups(
    connection: Connection, endpoint_id: str, channel: str, since: datetime
) -> list[RollupRow]:
    """Hours, days and months that begin at an instant or later."""
    return await connection.structs(
        RollupRow, SQL.stored_rollups, endpoint_id, channel, since
    )


async def endpoints_to_verify(
    connection: Connection, ids: Sequence[str] | None
) -> list[NamedEndpoint]:
    """These endpoints, or all that are not archived, by name."""
    return await connection.structs(NamedEndpoint, SQL.endpoints_to_verify, ids)


async def uneven_months(
    connection: Connection, endpoint_id: str, since: datetime
) -> list[UnevenMonth]:
    """Months that end after an instant and are not the sum of their days."""
    return await connection.structs(
        UnevenMonth, SQL.months_beside_days, endpoint_id, since
    )


async def locked_months(connection: Connection, endpoint_id: str) -> list[date]:
    """First days of the months of an endpoint that are closed, in order."""
    rows = await connection.fetch(SQL.locked_months, endpoint_id)
    return [row["month"] for row in rows]


async def booked_adjustments(
    connection: Connection, endpoint_id: str
) -> dict[tuple[str, date], Decimal]:
    """By channel and locked month, what is booked already for corrections of it."""
    rows = await connection.fetch(SQL.booked_adjustments, endpoint_id)
    return {(row["channel"], row["month"]): row["energy_kwh"] for row in rows}
