"""Consumption of a period up to now."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final, get_args
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import Period, Summary, plain
from nxforge_consumption_monitor.register import Span, span_at
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import reported_endpoints
from nxforge_core.api import InvalidInputError, PluginContext

from ._summary_rows import calendar_rows, rolling_rows

__all__ = ["summary"]

#: These roll; month and year are of the calendar, to date.
_ROLLING: Final[dict[str, timedelta]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


async def summary(ctx: PluginContext[MonitorSettings], text: str) -> Summary:
    """Consumption of every endpoint that is not archived in the period up to now.

    Raises:
        InvalidInputError: there is no such period.
    """
    kind = _period(text)
    now, zone = ctx.clock.now(), ZoneInfo(ctx.settings.time_zone)
    endpoints = await reported_endpoints(ctx.db)
    rows = (
        await rolling_rows(ctx.db, endpoints, Span(now - _ROLLING[kind], now))
        if kind in _ROLLING
        else await calendar_rows(ctx.db, endpoints, kind, now)
    )
    start = now - _ROLLING[kind] if kind in _ROLLING else span_at(kind, now, zone).start
    return Summary(
        period=kind,
        start_date=start,
        end_date=now,
        endpoints=rows,
        total_consumption=plain(sum((r.consumption for r in rows), Decimal(0))),
    )


def _period(text: str) -> Period:
    for known in get_args(Period):
        if text == known:
            return known  # type: ignore[no-any-return]  # one of the literals themselves
    raise InvalidInputError(
        field="period", value=text, remedy="give hour, day, week, month or year"
    )
