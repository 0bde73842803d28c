"""Rows of a summary: rolling periods between readings, calendar ones from rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import SummaryRow, plain, watts
from nxforge_consumption_monitor.register import Span
from nxforge_consumption_monitor.store import (
    Bounds,
    MonthRollup,
    ReadingEnds,
    ReportedEndpoint,
    hour_counts,
    month_rollups,
    reading_ends,
)
from nxforge_core.api import Connection

from ._asked_period import AskedPeriod
from ._compare import GRAINS
from ._periods import PeriodOf, known_share, periods

__all__ = ["calendar_rows", "rolling_rows"]

_SIX_PLACES = Decimal("0.000001")


async def rolling_rows(
    connection: Connection, endpoints: Sequence[ReportedEndpoint], span: Span
) -> list[SummaryRow]:
    """Any part of time: the registers at its ends lie between two readings each."""
    wanted = [PeriodOf(each.id, each.interval_s, span) for each in endpoints]
    bounds = [Bounds(each.id, span.start, span.end) for each in endpoints]
    energies = await periods(connection, wanted)
    counts = await hour_counts(connection, bounds)
    ends = await reading_ends(connection, bounds)
    return [
        _row(
            endpoint,
            ends[endpoint.id],
            energy_kwh=energy.energy_kwh,
            avg_kw=energy.mean_kw,
            readings=counts[endpoint.id],
            quality=energy.quality,
            coverage=known_share(span, energy),
        )
        for endpoint, energy in zip(endpoints, energies, strict=True)
    ]


async def calendar_rows(
    connection: Connection,
    endpoints: Sequence[ReportedEndpoint],
    asked: AskedPeriod,
) -> list[SummaryRow]:
    """A period of each endpoint's own calendar, up to now: the sum of stored rows."""
    bounds = []
    for each in endpoints:
        past = asked.past(ZoneInfo(each.tz))
        bounds.append(Bounds(each.id, past.start, past.end))
    found: dict[str, list[MonthRollup]] = {each.id: [] for each in endpoints}
    for row in await month_rollups(connection, bounds, GRAINS[asked.kind]):
        if row.channel == "total":
            found[row.endpoint_id].append(row)
    ends = await reading_ends(connection, bounds)
    return [
        _of_months(endpoint, ends[endpoint.id], found[endpoint.id], each)
        for endpoint, each in zip(endpoints, bounds, strict=True)
    ]


def _of_months(
    endpoint: ReportedEndpoint,
    ends: ReadingEnds,
    months: Sequence[MonthRollup],
    bounds: Bounds,
) -> SummaryRow:
    known = [each for each in months if each.energy_kwh is not None]
    qualities = {q for each in known for q in (each.start_quality, each.end_quality)}
    energy = _sum(each.energy_kwh for each in known)
    # What lies in gaps has no load of its own.
    measured = energy - _sum(each.estimated_kwh for each in known)
    covered = _sum(
        each.coverage * Span(each.start_ts, each.end_ts).hours for each in months
    )
    hours = Span(bounds.low, bounds.high).hours
    return _row(
        endpoint,
        ends,
        energy_kwh=energy if known else None,
        avg_kw=measured / covered if covered else None,
        readings=sum(each.readings for each in months),
        quality=next(iter(qualities), None) if len(qualities) == 1 else "mixed",
        coverage=min(covered / hours, Decimal(1)) if hours else Decimal(0),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((each for each in values if each is not None), Decimal(0))


def _row(  # noqa: PLR0913  # one argument for each figure of a row
    endpoint: ReportedEndpoint,
    ends: ReadingEnds,
    *,
    energy_kwh: Decimal | None,
    avg_kw: Decimal | None,
    readings: int,
    quality: str | None,
    coverage: Decimal,
) -> SummaryRow:
    mean = None if avg_kw is None else avg_kw.quantize(_SIX_PLACES)
    return SummaryRow(
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        client_name=endpoint.client_name,
        location=endpoint.location,
        consumption=plain(energy_kwh or Decimal(0)),
        avg_power=watts(mean),
        reading_count=readings,
        first_reading=ends.first_ts,
        last_reading=ends.last_ts,
        quality=quality if energy_kwh is not None else None,
        coverage=plain(coverage.quantize(_SIX_PLACES)),
    )
