"""Where a replay begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.register import LocalGrain, span_at
from nxforge_consumption_monitor.store import (
    HeldEndpoint,
    first_stored,
    kept_since,
    last_good,
)
from nxforge_core.api import Connection

__all__ = ["BEGINNING", "Start", "start_of", "whole_since"]

#: Before any reading.
BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)
_MOMENT: Final = timedelta(microseconds=1)


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """Where a replay of a channel begins.

    Attributes:
        after: Readings after it are read; the first one leads into the first hour.
        floor: Hours, days and months that begin then or later come out whole.
        judged_after: Readings until then keep what they are worth; None: none do.
    """

    after: datetime = BEGINNING
    floor: datetime = BEGINNING
    judged_after: datetime | None = None


async def start_of(
    connection: Connection,
    endpoint: HeldEndpoint,
    channel: str,
    since: datetime | None,
) -> Start:
    """Begin so that everything from an instant on is judged again.

    The judging begins after the last good reading before the instant. Its month is
    computed from its first reading on, because a month is written as a whole.
    """
    safe = None
    if since is not None:
        before = since - _MOMENT
        safe = await last_good(connection, endpoint.id, channel, before, high=True)
    if safe is None:
        # The first reading that is left goes on from a total that nothing else tells.
        first = await first_stored(connection, endpoint.id, channel)
        kept = await kept_since(connection, endpoint.id, channel, first)
        return Start(judged_after=kept)
    start = await whole_since(connection, endpoint, channel, safe, grain="month")
    return msgspec.structs.replace(start, judged_after=safe)


async def whole_since(
    connection: Connection,
    endpoint: HeldEndpoint,
    channel: str,
    instant: datetime,
    *,
    grain: LocalGrain,
) -> Start:
    """Begin so that the day or month of an instant comes out whole; judge nothing."""
    first = span_at(grain, instant, ZoneInfo(endpoint.tz)).start
    # An hour of UTC may have begun before a midnight of a zone with half hours.
    floor = span_at("hour", first, ZoneInfo("UTC")).start
    leads_in = await last_good(connection, endpoint.id, channel, floor)
    if leads_in is None:
        return Start(judged_after=instant)
    return Start(after=leads_in - _MOMENT, floor=floor, judged_after=instant)
