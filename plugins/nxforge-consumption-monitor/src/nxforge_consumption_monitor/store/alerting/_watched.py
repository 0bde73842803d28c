"""What rules are compared with."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.signs import Signs
from nxforge_consumption_monitor.store._statements import SQL
from nxforge_core.api import Connection

__all__ = ["ChannelNow", "WatchedEndpoint", "mark_watch", "watched_endpoints"]


class ChannelNow(msgspec.Struct, frozen=True, kw_only=True):
    """The latest of one channel.

    Attributes:
        sample_ts: When power and current were read.
        signs: What its polls so far show.
    """

    channel: str
    sample_ts: datetime | None = None
    power_kw: Decimal | None = None
    current_a: Decimal | None = None
    signs: Signs | None = None


class WatchedEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an endpoint now; its month's figures are of this month.

    Attributes:
        seen_at: Of the latest good reading; of its creation where there is none.
        attempted_at: When it was polled last.
        month_ends_at: None where nothing of this month is known.
        week_kwh: Energy of the last seven days, within `week_s` seconds that are known.
        proposed: Breaks of the register that wait for a decision.
        channels: JSON: an array of `ChannelNow`.
    """

    id: str
    name: str
    kind: str
    group_id: str | None
    location: str | None
    external_ref: str | None
    interval_s: int
    breaker_a: Decimal | None
    seen_at: datetime
    attempted_at: datetime | None
    failures: int
    outcome: str | None
    error: str
    auth_failures: int
    clock_skewed: bool
    certificate_ends_at: datetime | None
    token_expires_at: datetime | None
    month_kwh: Decimal | None
    estimated_kwh: Decimal | None
    peak_kw: Decimal | None
    month_ends_at: datetime | None
    week_kwh: Decimal | None
    week_s: Decimal | None
    proposed: int
    channels: str


async def mark_watch(connection: Connection, now: datetime, pause_s: float) -> datetime:
    """Note that endpoints are compared now.

    Returns:
        Since when that happened without a pause longer than `pause_s` seconds.
    """
    resumed: datetime = await connection.fetchval(SQL.mark_watch, now, pause_s)
    return resumed


async def watched_endpoints(
    connection: Connection, now: datetime
) -> list[WatchedEndpoint]:
    """Every enabled endpoint."""
    return await connection.structs(WatchedEndpoint, SQL.watched_endpoints, now)
