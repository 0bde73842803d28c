"""The answer of `series`: columns, because a chart reads columns."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from nxforge_core.api import Model

__all__ = [
    "EndpointSeries",
    "EnergySeries",
    "Gap",
    "PowerMethod",
    "PowerSeries",
    "Series",
    "SeriesGrain",
]

SeriesGrain = Literal["15m", "hour", "day", "month"]
PowerMethod = Literal["lttb", "minmax"]


class Gap(Model):
    """Time without readings, [start, end)."""

    start: datetime
    end: datetime
    seconds: int


class PowerSeries(Model):
    """Power; the columns have one length, and null parts what a gap lies between.

    Attributes:
        method: `lttb` keeps readings as they are, `minmax` has buckets.
        source: What it was made of.
        width_s: Seconds of a bucket; null for readings.
        ts: When a reading was taken, or where a bucket begins.
        kw: The reading, or the mean of a bucket outside of gaps.
        min_kw: Of each bucket; empty for readings.
        max_kw: Of each bucket; empty for readings.
    """

    method: PowerMethod
    source: Literal["readings", "hours"]
    width_s: int | None
    ts: list[datetime]
    kw: list[Decimal | None]
    min_kw: list[Decimal | None]
    max_kw: list[Decimal | None]


class EnergySeries(Model):
    """Energy as sums of whole buckets; the first and last may reach further.

    Attributes:
        kwh: Null where nothing is known. A bucket of which nothing is stored is absent.
        estimated_kwh: Of it, what lies within gaps.
        coverage: Share of the bucket between readings without a gap, 0 to 1.
        known_kwh: Sum of the buckets that are known.
    """

    grain: SeriesGrain
    start: list[datetime]
    end: list[datetime]
    kwh: list[Decimal | None]
    estimated_kwh: list[Decimal]
    coverage: list[Decimal]
    quality: list[str | None]
    known_kwh: Decimal


class EndpointSeries(Model):
    """One channel of one endpoint; a field that was not asked for is null."""

    endpoint_id: str
    endpoint_name: str
    channel: str
    tz: str
    power: PowerSeries | None
    energy: EnergySeries | None
    gaps: list[Gap]


class Series(Model):
    """Data of `series` for [from, to).

    Attributes:
        grain: Of the energy.
        points: So many were allowed.
    """

    from_: datetime
    to: datetime
    grain: SeriesGrain
    points: int
    series: list[EndpointSeries]
