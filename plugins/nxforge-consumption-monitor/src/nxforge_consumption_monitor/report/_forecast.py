"""What an open month comes to, if it goes on like the last seven days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.models import plain
from nxforge_consumption_monitor.register import (
    Cadence,
    Point,
    Span,
    register_at,
    trailing_mean_kw,
)
from nxforge_consumption_monitor.store import ChannelEnd, MonthRollup, channel_ends
from nxforge_core.api import Connection

__all__ = ["ends_of_open", "forecast_of"]

#: Only says how near a reading after the end would have to be: there is none.
_CADENCE: Final = Cadence(timedelta(hours=1))


async def ends_of_open(
    connection: Connection, rows: Iterable[MonthRollup]
) -> dict[tuple[str, str], ChannelEnd]:
    """Where channels have come to whose month is open: of others nobody asks."""
    ids = {row.endpoint_id for row in rows if not row.closed}
    return await channel_ends(connection, sorted(ids)) if ids else {}


def forecast_of(
    row: MonthRollup, ends: Mapping[tuple[str, str], ChannelEnd], span: Span
) -> Decimal | None:
    """The energy of an open month at its end; None where that cannot be told."""
    end = ends.get((row.endpoint_id, row.channel))
    if row.closed or row.energy_kwh is None or end is None:
        return None
    week = [Point(end.week_ts, end.week_kwh), Point(end.ts, end.total_kwh)]
    mean = trailing_mean_kw(week)
    last = register_at(week, span.end, _CADENCE, trailing_kw=mean)
    if last is None or last.quality != "forward_estimate":
        return None
    return plain(row.energy_kwh + last.total_kwh - end.total_kwh)
