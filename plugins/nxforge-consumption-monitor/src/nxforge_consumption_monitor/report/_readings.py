"""Pages of readings with the month-to-date of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import (
    ReadingRow,
    ReadingsAnswer,
    ReadingsMeta,
    plain,
    watts,
)
from nxforge_consumption_monitor.register import Boundary, span_at
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    ReportedEndpoint,
    StoredReading,
    count_readings,
    readings,
    reported_endpoints,
)
from nxforge_core.api import Connection, PluginContext

from ._periods import boundaries
from ._query import ReadingsQuery, decode_query, encode_cursor

__all__ = ["readings_page"]

#: Of tens of millions of readings the count alone would take seconds.
_MOST_COUNTED: Final = 1_000_000

_Marks = Mapping[tuple[str, datetime], Boundary | None]


async def readings_page(
    ctx: PluginContext[MonitorSettings], query: ReadingsQuery
) -> ReadingsAnswer:
    """One page of readings and failed attempts, newest first.

    Raises:
        InvalidInputError: a text of the query is not what it should be.
    """
    wanted = decode_query(query, ZoneInfo(ctx.settings.time_zone))
    found = await readings(ctx.db, wanted)
    endpoints = await reported_endpoints(ctx.db, wanted.endpoint_id, archived=True)
    month_of = _months({each.id: each for each in endpoints}, found)
    marks = await _marks(ctx.db, {each.id: each for each in endpoints}, month_of)
    is_full = len(found) == wanted.limit
    return ReadingsAnswer(
        data=[_row(each, _current(each, month_of, marks)) for each in found],
        meta=ReadingsMeta(
            total=await count_readings(ctx.db, wanted, _MOST_COUNTED),
            from_=wanted.low,
            to=wanted.high,
            next_cursor=encode_cursor(found[-1].key) if is_full else None,
        ),
    )


def _months(
    endpoints: Mapping[str, ReportedEndpoint], found: Sequence[StoredReading]
) -> dict[tuple[str, datetime], datetime]:
    return {
        (each.endpoint_id, each.ts): span_at(
            "month", each.ts, ZoneInfo(endpoints[each.endpoint_id].tz)
        ).start
        for each in found
        if each.total_kwh is not None and each.endpoint_id in endpoints
    }


async def _marks(
    connection: Connection,
    endpoints: Mapping[str, ReportedEndpoint],
    month_of: Mapping[tuple[str, datetime], datetime],
) -> _Marks:
    keys = sorted({(who, month) for (who, _), month in month_of.items()})
    wanted = [(who, month, endpoints[who].interval_s) for who, month in keys]
    return dict(zip(keys, await boundaries(connection, wanted), strict=True))


def _current(
    reading: StoredReading,
    month_of: Mapping[tuple[str, datetime], datetime],
    marks: _Marks,
) -> Decimal | None:
    month = month_of.get((reading.endpoint_id, reading.ts))
    mark = None if month is None else marks[reading.endpoint_id, month]
    if mark is None or reading.total_kwh is None:
        return None
    return plain(max(reading.total_kwh - mark.total_kwh, Decimal(0)))


def _row(reading: StoredReading, current_kwh: Decimal | None) -> ReadingRow:
    place = f"{reading.channel}/{reading.ts.isoformat()}"
    return ReadingRow(
        id=str(uuid5(UUID(reading.endpoint_id), place)),
        endpoint_id=reading.endpoint_id,
        timestamp=reading.ts,
        total_kwh=reading.register_kwh,
        current_kwh=current_kwh,
        voltage=reading.voltage,
        current=reading.current_a,
        power=watts(reading.power_kw),
        power_factor=reading.power_factor,
        success=reading.success,
        error_message=reading.error,
        channel=reading.channel,
        register_kwh=reading.register_kwh,
        power_kw=reading.power_kw,
        quality=reading.quality,
        reason=reading.reason,
        outcome=reading.outcome,
        rule_version=reading.rule_version,
        slot=reading.slot,
    )
