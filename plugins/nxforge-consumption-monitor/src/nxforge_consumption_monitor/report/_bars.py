"""Energy of a period in its hours, days or months, over all endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import plain
from nxforge_consumption_monitor.register import spans_between
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import Bounds, MonthRollup, month_rollups
from nxforge_core.api import PluginContext

from ._asked_period import AskedPeriod, decode_period
from ._summary import SummaryQuery, reported

__all__ = ["Bar", "BarGrain", "Bars", "bars"]

BarGrain = Literal["hour", "day", "month"]

_GRAINS: Final[dict[str, BarGrain]] = {
    "hour": "hour",
    "day": "hour",
    "week": "day",
    "month": "day",
    "year": "month",
}


class Bar(msgspec.Struct, frozen=True):
    """One part of the period.

    Attributes:
        energy_kwh: Of the endpoints that are known; None where none is.
    """

    start: datetime
    energy_kwh: Decimal | None


class Bars(msgspec.Struct, frozen=True):
    """The parts of a period in order, up to now."""

    grain: BarGrain
    bars: list[Bar]


async def bars(ctx: PluginContext[MonitorSettings], query: SummaryQuery) -> Bars:
    """The period of a summary, in parts: each endpoint's of its own calendar.

    Raises:
        InvalidInputError: a text of the query is not what it should be.
        UnknownItemError: there is no such group.
    """
    now, zone = ctx.clock.now(), ZoneInfo(ctx.settings.time_zone)
    asked = decode_period(query.period, query.date, now, zone)
    endpoints = await reported(ctx, query.group)
    zones = {each.id: ZoneInfo(each.tz) for each in endpoints}
    grain = _GRAINS[asked.kind]
    rows = await month_rollups(ctx.db, _bounds(asked, zones), grain)
    found, past = _by_part(rows, zones, grain), asked.past(zone)
    parts = spans_between(grain, past.start, past.end, zone)
    return Bars(
        grain,
        [
            _bar(each.start, found.get(_key(each.start, zone, grain), []))
            for each in parts
        ],
    )


def _bounds(asked: AskedPeriod, zones: Mapping[str, ZoneInfo]) -> list[Bounds]:
    spans = {who: asked.past(zone) for who, zone in zones.items()}
    return [Bounds(who, span.start, span.end) for who, span in spans.items()]


def _by_part(
    rows: Iterable[MonthRollup], zones: Mapping[str, ZoneInfo], grain: BarGrain
) -> dict[datetime | date, list[Decimal]]:
    found: dict[datetime | date, list[Decimal]] = {}
    for row in rows:
        if row.channel == "total" and row.energy_kwh is not None:
            key = _key(row.start_ts, zones[row.endpoint_id], grain)
            found.setdefault(key, []).append(row.energy_kwh)
    return found


def _key(start: datetime, zone: ZoneInfo, grain: BarGrain) -> datetime | date:
    """Days of different zones are the same day."""
    return start if grain == "hour" else start.astimezone(zone).date()


def _bar(start: datetime, energies: Sequence[Decimal]) -> Bar:
    total = plain(sum(energies, Decimal(0))) if energies else None
    return Bar(start, total)
