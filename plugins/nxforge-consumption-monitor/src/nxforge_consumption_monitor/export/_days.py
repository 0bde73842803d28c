"""The energy of each day of a month, from the stored days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import MonthLine, plain
from nxforge_core.api import Connection, load_sql

from ._paper import DayBar

__all__ = ["days_of"]

_DAY: Final = timedelta(days=1)
_MICROSECOND: Final = timedelta(microseconds=1)
_SQL: Final = load_sql("nxforge_consumption_monitor.export")


class _Day(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    energy_kwh: Decimal | None
    estimated_kwh: Decimal | None


async def days_of(
    connection: Connection, lines: Sequence[MonthLine], now: datetime
) -> list[DayBar]:
    """Each day of the endpoints of some lines of one month, up to now.

    A day of which nothing is stored is there, without energy.
    """
    ids = sorted({line.endpoint_id for line in lines})
    if not ids:
        return []
    low: datetime = min(line.start for line in lines)
    high: datetime = max(line.end for line in lines)
    found = await connection.structs(_Day, _SQL.days_of, ids, low, high)
    stored = {each.day: each for each in found}
    return [_bar(day, stored.get(day)) for day in _days(lines, min(high, now))]


def _days(lines: Sequence[MonthLine], until: datetime) -> Iterator[date]:
    """The days of the month of the first line, each of which has begun."""
    zone = ZoneInfo(lines[0].tz)
    day = lines[0].start.astimezone(zone).date()
    last = (until - _MICROSECOND).astimezone(zone).date()
    while day <= last:
        yield day
        day += _DAY


def _bar(day: date, stored: _Day | None) -> DayBar:
    return DayBar(
        day=day,
        energy_kwh=plain(stored.energy_kwh) if stored else None,
        estimated_kwh=plain(stored.estimated_kwh) if stored else None,
    )
