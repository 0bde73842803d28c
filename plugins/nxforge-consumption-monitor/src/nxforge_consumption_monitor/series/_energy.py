"""Energy of a channel in a span: sums of buckets, never samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.models import EnergySeries, SeriesGrain, plain
from nxforge_consumption_monitor.register import Cadence, Period, Point, Span, period

from ._columns import EnergyColumns

__all__ = ["quarter_energy", "stored_energy"]

_QUARTER: Final = timedelta(minutes=15)
_ZERO: Final = Decimal(0)


def stored_energy(found: EnergyColumns, grain: SeriesGrain) -> EnergySeries:
    """Rollups as they are stored."""
    return EnergySeries(
        grain=grain,
        start=found.start_ts,
        end=found.end_ts,
        kwh=[plain(each) for each in found.kwh],
        estimated_kwh=[plain(each or _ZERO) for each in found.estimated_kwh],
        coverage=[plain(each) for each in found.coverage],
        quality=[
            None if kwh is None else _both(start, end)
            for kwh, start, end in zip(
                found.kwh, found.start_quality, found.end_quality, strict=True
            )
        ],
        known_kwh=_sum(found.kwh),
    )


def quarter_energy(
    points: Sequence[Point], span: Span, cadence: Cadence, now: datetime
) -> EnergySeries:
    """Quarters of an hour from the readings: neighbours share their register."""
    quarters = list(_quarters(span, now))
    found = [period(points, each.start, each.end, cadence) for each in quarters]
    return EnergySeries(
        grain="15m",
        start=[each.start for each in quarters],
        end=[each.end for each in quarters],
        kwh=[plain(each.energy_kwh) for each in found],
        estimated_kwh=[plain(each.estimated_kwh) for each in found],
        coverage=[plain(each.coverage) for each in found],
        quality=[_quality(each) for each in found],
        known_kwh=_sum([each.energy_kwh for each in found]),
    )


def _quarters(span: Span, now: datetime) -> Iterator[Span]:
    start = span.start
    at = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    while at < min(span.end, now):
        yield Span(at, at + _QUARTER)
        at += _QUARTER


def _quality(found: Period) -> str | None:
    return None if found.energy_kwh is None else found.quality


def _both(start: str | None, end: str | None) -> str | None:
    return start if start == end else "mixed"


def _sum(values: Sequence[Decimal | None]) -> Decimal:
    return plain(sum((each for each in values if each is not None), _ZERO))
