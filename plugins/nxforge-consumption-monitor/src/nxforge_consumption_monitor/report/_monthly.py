"""Calendar months: each in the zone of its endpoint."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import (
    MonthlyReport,
    MonthlyRow,
    UnknownEndpointError,
    parse_endpoint_id,
    plain,
)
from nxforge_consumption_monitor.register import Period, Span, span_at
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

__all__ = ["monthly", "monthly_summary"]

_MONTH: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})\Z")
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9998
_MONTHS: Final = 12


async def monthly(
    ctx: PluginContext[MonitorSettings],
    endpoint_id: str,
    year: str | None = None,
    month: str | None = None,
) -> MonthlyReport:
    """One endpoint in one month of its zone; by default the current one.

    Raises:
        UnknownItemError: there is no such endpoint.
        InvalidInputError: year or month is not one.
    """
    found = await reported_endpoints(
        ctx.db, parse_endpoint_id(endpoint_id), archived=True
    )
    if not found:
        raise UnknownEndpointError(endpoint_id)
    [endpoint] = found
    zone, now = ZoneInfo(endpoint.tz), ctx.clock.now()
    number = _parse_month(year, month, now.astimezone(zone))
    span = span_at("month", datetime(*number, 15, tzinfo=zone), zone)
    [energy] = await periods(ctx.db, [PeriodOf(endpoint.id, endpoint.interval_s, span)])
    bounds = [Bounds(endpoint.id, span.start, span.end)]
    figures = await period_figures(ctx.db, bounds)
    return _report(endpoint, number, span, energy, figures[endpoint.id])


async def monthly_summary(ctx: PluginContext[MonitorSettings]) -> list[MonthlyRow]:
    """Every enabled endpoint in the current month of its zone."""
    now = ctx.clock.now()
    endpoints = [each for each in await reported_endpoints(ctx.db) if each.enabled]
    spans = [span_at("month", now, ZoneInfo(each.tz)) for each in endpoints]
    wanted = [
        PeriodOf(each.id, each.interval_s, span)
        for each, span in zip(endpoints, spans, strict=True)
    ]
    energies = await periods(ctx.db, wanted)
    bounds = [
        Bounds(each.endpoint_id, each.span.start, each.span.end) for each in wanted
    ]
    figures = await period_figures(ctx.db, bounds)
    return [
        _row(endpoint, energy, figures[endpoint.id])
        for endpoint, energy in zip(endpoints, energies, strict=True)
    ]


def _parse_month(
    year: str | None, month: str | None, local_now: datetime
) -> tuple[int, int]:
    both = _MONTH.match(month) if month else None
    if both:
        if year is not None and year != both["year"]:
            remedy = "leave 'year' out, 'month' names it already"
            raise InvalidInputError(field="year", value=year, remedy=remedy)
        year, month = both["year"], both["month"]
    return (
        _number("year", year, local_now.year, (_FIRST_YEAR, _LAST_YEAR)),
        _number("month", month, local_now.month, (1, _MONTHS)),
    )


def _number(
    field: str, text: str | None, default: int, allowed: tuple[int, int]
) -> int:
    if text is None:
        return default
    low, high = allowed
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_YEAR))
    if not fits or not low <= int(text) <= high:
        remedy = f"give a whole number from {low} to {high}, or month=YYYY-MM"
        raise InvalidInputError(field=field, value=text, remedy=remedy)
    return int(text)


def _report(
    endpoint: ReportedEndpoint,
    number: tuple[int, int],
    span: Span,
    energy: Period,
    figures: PeriodFigures,
) -> MonthlyReport:
    year, month = number
    return MonthlyReport(
        year=year,
        month=month,
        start_kwh=plain(energy.start_register),
        end_kwh=plain(energy.end_register),
        consumption=plain(energy.energy_kwh or Decimal(0)),
        reading_count=figures.readings,
        first_reading=figures.first_ts,
        last_reading=figures.last_ts,
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        tz=endpoint.tz,
        start=span.start,
        end=span.end,
        hours=plain(span.hours),
        start_quality=energy.start_quality,
        end_quality=energy.end_quality,
        coverage=plain(known_share(span, energy)),
    )


def _row(
    endpoint: ReportedEndpoint, energy: Period, figures: PeriodFigures
) -> MonthlyRow:
    return MonthlyRow(
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        client_name=endpoint.client_name,
        location=endpoint.location,
        current_kwh=plain(energy.end_register),
        previous_kwh=plain(energy.start_register),
        consumed_kwh=plain(energy.energy_kwh or Decimal(0)),
        last_reading_at=figures.last_ts,
        readings_count=figures.readings,
    )
