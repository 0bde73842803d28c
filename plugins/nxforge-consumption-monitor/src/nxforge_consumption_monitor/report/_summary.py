"""Consumption of a period up to now."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, get_args
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import (
    Period,
    Summary,
    SummaryRow,
    plain,
    watts,
)
from nxforge_consumption_monitor.register import Period as Energy
from nxforge_consumption_monitor.register import Span, span_at
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    Bounds,
    PeriodFigures,
    ReportedEndpoint,
    period_figures,
    reported_endpoints,
)
from nxforge_core.api import InvalidInputError, PluginContext

from ._periods import PeriodOf, known_share, periods

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
    span = _span(kind, ctx.clock.now(), ZoneInfo(ctx.settings.time_zone))
    endpoints = await reported_endpoints(ctx.db)
    wanted = [PeriodOf(each.id, each.interval_s, span) for each in endpoints]
    energies = await periods(ctx.db, wanted)
    bounds = [Bounds(each.id, span.start, span.end) for each in endpoints]
    figures = await period_figures(ctx.db, bounds)
    rows = [
        _row(endpoint, energy, figures[endpoint.id], span)
        for endpoint, energy in zip(endpoints, energies, strict=True)
    ]
    return Summary(
        period=kind,
        start_date=span.start,
        end_date=span.end,
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


def _span(kind: Period, now: datetime, zone: ZoneInfo) -> Span:
    if kind in _ROLLING:
        return Span(now - _ROLLING[kind], now)
    return Span(span_at(kind, now, zone).start, now)


def _row(
    endpoint: ReportedEndpoint, energy: Energy, figures: PeriodFigures, span: Span
) -> SummaryRow:
    return SummaryRow(
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        client_name=endpoint.client_name,
        location=endpoint.location,
        consumption=plain(energy.energy_kwh or Decimal(0)),
        avg_power=watts(figures.power_kw),
        reading_count=figures.readings,
        first_reading=figures.first_ts,
        last_reading=figures.last_ts,
        quality=energy.quality,
        coverage=plain(known_share(span, energy)),
    )
