"""What a bill is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from nxforge_core.api import Connection

from ._months import MonthEnd
from ._statements import SQL

__all__ = [
    "BilledEndpoint",
    "BilledGroup",
    "BilledRollup",
    "BookedCorrection",
    "billed_endpoints",
    "billed_group",
    "billed_rollups",
    "booked_corrections",
]


class BilledGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group and its tariff."""

    id: str
    name: str
    tz: str
    tariff_id: str | None


class BilledEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint, the tariff of its own and that of its group."""

    id: str
    name: str
    tz: str
    interval_s: int
    gap_after_s: int | None
    group_id: str | None
    own_tariff_id: str | None
    group_tariff_id: str | None


class BilledRollup(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An hour, day or month of an endpoint's main channel."""

    endpoint_id: str
    grain: str
    start_ts: datetime
    end_ts: datetime
    start_register: Decimal | None
    end_register: Decimal | None
    estimated_kwh: Decimal
    peak_kw_15m: Decimal | None
    peak_at: datetime | None
    coverage: Decimal
    closed: bool


class BookedCorrection(msgspec.Struct, frozen=True):
    """What a locked month has too little, kWh; negative: too much."""

    month: date
    energy_kwh: Decimal


async def billed_group(connection: Connection, group_id: str) -> BilledGroup | None:
    """The group with the id."""
    found = await connection.structs(BilledGroup, SQL.billed_group, group_id)
    return found[0] if found else None


async def billed_endpoints(
    connection: Connection,
    *,
    endpoint_id: str | None = None,
    group_id: str | None = None,
    since: datetime | None = None,
    month: MonthEnd | None = None,
) -> list[BilledEndpoint]:
    """An endpoint, or those of a group that were not archived before an instant.

    Args:
        connection: Any.
        endpoint_id: Only this one.
        group_id: Those who belonged to it at the end of the month.
        since: Of the group, nobody who was archived before.
        month: At its end the group counts, and its tariff.
    """
    first, end = (month.first, month.end) if month else (None, None)
    return await connection.structs(
        BilledEndpoint, SQL.billed_endpoints, endpoint_id, group_id, since, first, end
    )


async def billed_rollups(
    connection: Connection, endpoint_ids: Sequence[str], start: datetime, end: datetime
) -> list[BilledRollup]:
    """What is kept of main channels in a period, in order of time."""
    return await connection.structs(
        BilledRollup, SQL.billed_rollups, endpoint_ids, start, end
    )


async def booked_corrections(
    connection: Connection, endpoint_ids: Sequence[str], month: date
) -> list[BookedCorrection]:
    """What is booked in a month for locked ones, together for the endpoints."""
    return await connection.structs(
        BookedCorrection, SQL.booked_corrections, endpoint_ids, month
    )
