"""Power of a channel in a span: readings as they are, or buckets of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import PowerSeries, plain
from nxforge_consumption_monitor.register import Span, mean_kw

from ._columns import PointColumns, PowerColumns
from ._lttb import lttb, runs_of, shares

__all__ = ["hours_power", "hours_width", "kept_power", "readings_power", "with_power"]

_HOUR_S: Final = 3600
_SIX_PLACES: Final = Decimal("0.000001")


class Sample(msgspec.Struct, frozen=True):
    """Power at an instant."""

    ts: datetime
    kw: Decimal


def with_power(points: PointColumns, longest: timedelta) -> list[Sample]:
    """Every reading with its power.

    Of a device that tells none it is the mean since the reading before, unless there
    is a gap between them.
    """
    found = []
    before: tuple[datetime, Decimal] | None = None
    for ts, kw, kwh in zip(points.ts, points.kw, points.kwh, strict=True):
        if kw is not None:
            found.append(Sample(ts, plain(kw)))
        elif kwh is not None and before is not None and ts - before[0] <= longest:
            mean = mean_kw(kwh - before[1], ts - before[0])
            found.append(Sample(ts, plain(mean.quantize(_SIX_PLACES))))
        if kwh is not None:
            before = ts, kwh
    return found


def kept_power(
    samples: Sequence[Sample], longest: timedelta, count: int
) -> PowerSeries:
    """Samples as they are, about `count` of them, with null between two runs."""
    runs = runs_of([each.ts for each in samples], longest)
    ts: list[datetime] = []
    kw: list[Decimal | None] = []
    for run, share in zip(runs, shares(runs, count), strict=True):
        if ts:
            ts.append(ts[-1] + (samples[run.start].ts - ts[-1]) / 2)
            kw.append(None)
        own = samples[run.start : run.stop]
        for index in lttb(
            [each.ts.timestamp() for each in own],
            [float(each.kw) for each in own],
            share,
        ):
            ts.append(own[index].ts)
            kw.append(own[index].kw)
    return PowerSeries(
        method="lttb",
        source="readings",
        width_s=None,
        ts=ts,
        kw=kw,
        min_kw=[],
        max_kw=[],
    )


def readings_power(samples: Sequence[Sample], span: Span, count: int) -> PowerSeries:
    """The least, mean and highest sample of each bucket that has any."""
    width = max(-(-(span.end - span.start) // count // timedelta(seconds=1)), 1)
    buckets: dict[int, list[Decimal]] = {}
    for each in samples:
        place = (each.ts - span.start) // timedelta(seconds=width)
        buckets.setdefault(place, []).append(each.kw)
    return PowerSeries(
        method="minmax",
        source="readings",
        width_s=width,
        ts=[span.start + place * timedelta(seconds=width) for place in buckets],
        kw=[
            plain((sum(own, Decimal(0)) / len(own)).quantize(_SIX_PLACES))
            for own in buckets.values()
        ],
        min_kw=[min(own) for own in buckets.values()],
        max_kw=[max(own) for own in buckets.values()],
    )


def hours_width(span: Span, count: int) -> int:
    """Seconds of a bucket of whole hours, so that there are `count` at the most."""
    seconds = (span.end - span.start) / timedelta(seconds=1)
    return _HOUR_S * max(-(-int(seconds) // (_HOUR_S * count)), 1)


def hours_power(found: PowerColumns, width_s: int) -> PowerSeries:
    """The least and highest sample of each bucket, and its mean outside of gaps."""
    return PowerSeries(
        method="minmax",
        source="hours",
        width_s=width_s,
        ts=found.ts,
        kw=[
            _mean(kwh, hours)
            for kwh, hours in zip(found.measured_kwh, found.covered, strict=True)
        ],
        min_kw=[plain(each) for each in found.min_kw],
        max_kw=[plain(each) for each in found.max_kw],
    )


def _mean(kwh: Decimal | None, hours: Decimal) -> Decimal | None:
    if kwh is None or not hours:
        return None
    return plain((kwh / hours).quantize(_SIX_PLACES))
