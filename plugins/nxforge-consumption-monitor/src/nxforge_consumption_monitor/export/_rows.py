"""Readings and series as rows of a file, however many there are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from nxforge_consumption_monitor.models import EndpointSeries, Series
from nxforge_consumption_monitor.report import ReadingsQuery, decode_query
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import ReadingsFilter, StoredReading, readings
from nxforge_core.api import Connection, PluginContext

from ._cells import Cell, Table
from ._csv import csv_header, csv_rows
from ._dialect import Dialect

__all__ = ["readings_csv", "series_table"]

_PAGE: Final = 1000
_READING: Final = {
    "ts": "ts",
    "endpointId": "endpoint_id",
    "channel": "channel",
    "registerKwh": "register_kwh",
    "totalKwh": "total_kwh",
    "powerKw": "power_kw",
    "voltage": "voltage",
    "currentA": "current_a",
    "powerFactor": "power_factor",
    "quality": "quality",
    "reason": "reason",
    "outcome": "outcome",
    "error": "error",
    "ruleVersion": "rule_version",
    "slot": "slot",
}
_SERIES: Final = (
    "endpointId",
    "endpointName",
    "channel",
    "series",
    "start",
    "end",
    "kw",
    "minKw",
    "maxKw",
    "energyKwh",
    "estimatedKwh",
    "coverage",
    "quality",
)


def readings_csv(
    ctx: PluginContext[MonitorSettings], query: ReadingsQuery, dialect: Dialect
) -> AsyncIterator[bytes]:
    """All readings and failed attempts of a query, newest first, page by page.

    Raises:
        InvalidInputError: at once, where a text of the query is not what it should be.
    """
    wanted = decode_query(query, ZoneInfo(ctx.settings.time_zone))
    return _readings(ctx.db, replace(wanted, limit=_PAGE), dialect)


async def _readings(
    connection: Connection, wanted: ReadingsFilter, dialect: Dialect
) -> AsyncIterator[bytes]:
    yield csv_header(list(_READING), dialect)
    while found := await readings(connection, wanted):
        yield csv_rows(map(_reading, found), dialect)
        if len(found) < _PAGE:
            return
        wanted = replace(wanted, after=found[-1].key)


def _reading(found: StoredReading) -> list[Cell]:
    return [getattr(found, name) for name in _READING.values()]


def series_table(series: Series) -> Table:
    """Power and energy below each other: a row for each point and each bucket."""
    rows = [row for each in series.series for row in _series(each)]
    return Table(name="series", columns=_SERIES, rows=rows)


def _series(series: EndpointSeries) -> Iterator[Sequence[Cell]]:
    who = series.endpoint_id, series.endpoint_name, series.channel
    if (power := series.power) is not None:
        empty = [None] * len(power.ts)
        columns = power.ts, power.kw, power.min_kw or empty, power.max_kw or empty
        for ts, kw, low, high in zip(*columns, strict=True):
            yield *who, "power", ts, None, kw, low, high, None, None, None, None
    if (energy := series.energy) is not None:
        for start, end, kwh, estimated, coverage, quality in zip(
            energy.start,
            energy.end,
            energy.kwh,
            energy.estimated_kwh,
            energy.coverage,
            energy.quality,
            strict=True,
        ):
            bucket = kwh, estimated, coverage, quality
            yield *who, "energy", start, end, None, None, None, *bucket
