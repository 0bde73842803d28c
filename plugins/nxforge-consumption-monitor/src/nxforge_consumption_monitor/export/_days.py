"""The energy of each day of a month, from the stored days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import MonthLine, plain
from nxforge_core.api import Connection, load_sql

from ._paper import DayBar

__all__ = ["days_of"]

_SQL: Final = load_sql("nxforge_consumption_monitor.export")


class _Day(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    energy_kwh: Decimal | None
    estimated_kwh: Decimal | None


async def days_of(connection: Connection, lines: Sequence[MonthLine]) -> list[DayBar]:
    """What is known of each day of the endpoints of some lines of one month."""
    ids = sorted({line.endpoint_id for line in lines})
    if not ids:
        return []
    low: datetime = min(line.start for line in lines)
    high: datetime = max(line.end for line in lines)
    found = await connection.structs(_Day, _SQL.days_of, ids, low, high)
    return [
        DayBar(
            day=each.day,
            energy_kwh=plain(each.energy_kwh),
            estimated_kwh=plain(each.estimated_kwh),
        )
        for each in found
    ]
