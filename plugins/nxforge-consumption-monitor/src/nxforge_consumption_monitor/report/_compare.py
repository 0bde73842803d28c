"""Energy of other periods, to compare with: unknown where they are not whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import (
    SummaryComparison,
    SummaryRow,
    TotalComparison,
    plain,
)
from nxforge_consumption_monitor.register import Point, Span, interpolated
from nxforge_consumption_monitor.store import Bounds, ReportedEndpoint, month_rollups
from nxforge_core.api import Connection, load_sql

from ._asked_period import AskedPeriod, Compare
from ._periods import PeriodOf, periods

__all__ = ["GRAINS", "compared_rows", "compared_total"]

_SQL: Final = load_sql("nxforge_consumption_monitor.report")
_TWO: Final = Decimal("0.01")
#: Of which stored rows a period of the calendar is the sum.
GRAINS: Final = {
    "hour": "hour",
    "day": "day",
    "week": "day",
    "month": "month",
    "year": "month",
}

_Energies = Mapping[str, Decimal | None]


class _HourMark(msgspec.Struct, frozen=True, kw_only=True):
    n: int
    start_ts: datetime | None
    end_ts: datetime | None
    start_register: Decimal | None
    end_register: Decimal | None

    def total_at(self, at: datetime) -> Decimal | None:
        """U at an instant of the hour."""
        if self.start_ts is None or self.end_ts is None:
            return None
        if self.start_register is None or self.end_register is None:
            return None
        start = Point(self.start_ts, self.start_register)
        return interpolated([start, Point(self.end_ts, self.end_register)], at)


async def compared_rows(
    connection: Connection,
    endpoints: Sequence[ReportedEndpoint],
    rows: Sequence[SummaryRow],
    asked: AskedPeriod,
    compare: Compare,
    kept: timedelta,
) -> list[SummaryComparison]:
    """For each row the other period and the change since.

    Args:
        connection: Any.
        endpoints: Those of the rows, in their order.
        rows: The period that was asked for.
        asked: Which one it is.
        compare: With what.
        kept: How long readings are.
    """
    spans = {each.id: asked.other(compare, ZoneInfo(each.tz)) for each in endpoints}
    energies = await _energies(connection, endpoints, asked, spans, kept)
    return [
        _comparison(
            row,
            asked.past(ZoneInfo(endpoint.tz)),
            spans[endpoint.id],
            energies[endpoint.id],
            compare,
        )
        for endpoint, row in zip(endpoints, rows, strict=True)
    ]


def compared_total(
    rows: Sequence[SummaryRow], found: Sequence[SummaryComparison], hours: Decimal
) -> TotalComparison:
    """Like with like: of the endpoints both of whose periods are known."""
    both = [
        (row, each)
        for row, each in zip(rows, found, strict=True)
        if row.quality is not None and each.energy_kwh is not None
    ]
    mine = sum((row.consumption for row, _ in both), Decimal(0))
    other = sum((each.energy_kwh or Decimal(0) for _, each in both), Decimal(0))
    known = {row.endpoint_id for row, _ in both}
    length = both[0][1].hours if both else hours
    return TotalComparison(
        energy_kwh=plain(other) if both else None,
        compared_kwh=plain(mine) if both else None,
        change_percent=_change(mine, other),
        change_percent_per_hour=_per_hour(mine, hours, other, length),
        missing=[row.endpoint_name for row in rows if row.endpoint_id not in known],
    )


async def _energies(
    connection: Connection,
    endpoints: Sequence[ReportedEndpoint],
    asked: AskedPeriod,
    spans: Mapping[str, Span],
    kept: timedelta,
) -> _Energies:
    over = all(asked.is_over(ZoneInfo(each.tz)) for each in endpoints)
    if over and not asked.is_rolling:
        return await _of_rows(connection, GRAINS[asked.kind], spans)
    if all(span.start > asked.now - kept for span in spans.values()):
        return await _of_readings(connection, endpoints, spans)
    return await _of_hours(connection, spans)


async def _of_rows(
    connection: Connection, grain: str, spans: Mapping[str, Span]
) -> _Energies:
    bounds = [Bounds(who, span.start, span.end) for who, span in spans.items()]
    found: dict[str, Decimal | None] = dict.fromkeys(spans)
    for row in await month_rollups(connection, bounds, grain):
        if row.channel == "total" and row.energy_kwh is not None:
            known = found[row.endpoint_id] or Decimal(0)
            found[row.endpoint_id] = known + row.energy_kwh
    return found


async def _of_readings(
    connection: Connection,
    endpoints: Sequence[ReportedEndpoint],
    spans: Mapping[str, Span],
) -> _Energies:
    wanted = [PeriodOf(each.id, each.interval_s, spans[each.id]) for each in endpoints]
    return {
        asked.endpoint_id: found.energy_kwh
        if (found.since, found.until) == (asked.span.start, asked.span.end)
        else None
        for asked, found in zip(wanted, await periods(connection, wanted), strict=True)
    }


async def _of_hours(connection: Connection, spans: Mapping[str, Span]) -> _Energies:
    ids = [*spans, *spans]
    instants = [each.start for each in spans.values()]
    instants += [each.end for each in spans.values()]
    found = await connection.structs(_HourMark, _SQL.hour_marks, ids, instants)
    totals = [mark.total_at(at) for mark, at in zip(found, instants, strict=True)]
    starts, ends = totals[: len(spans)], totals[len(spans) :]
    return {
        who: None if start is None or end is None else end - start
        for who, start, end in zip(spans, starts, ends, strict=True)
    }


def _comparison(
    row: SummaryRow,
    mine: Span,
    other: Span,
    energy: Decimal | None,
    compare: Compare,
) -> SummaryComparison:
    known = energy if row.quality is not None else None
    change = per_hour = None
    if known is not None:
        change = _change(row.consumption, known)
        per_hour = _per_hour(row.consumption, mine.hours, known, other.hours)
    return SummaryComparison(
        with_=compare,
        start_date=other.start,
        end_date=other.end,
        hours=plain(other.hours),
        energy_kwh=plain(energy),
        change_percent=change,
        change_percent_per_hour=per_hour,
    )


def _per_hour(
    mine: Decimal, hours: Decimal, other: Decimal, length: Decimal
) -> Decimal | None:
    return _change(mine * length / hours, other) if hours else None


def _change(mine: Decimal, other: Decimal) -> Decimal | None:
    return plain(((mine - other) * 100 / other).quantize(_TWO)) if other else None
