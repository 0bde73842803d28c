"""The time between two good readings, cut at quarters, hours, days and months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.register import Cadence, Point, boundary_between

from ._bucket import Bucket, Mark, Quarter, microseconds

__all__ = ["Segment"]


class Segment:
    """The time between two good readings that follow each other.

    Attributes:
        after: The later reading.
        quarter: The open quarter of an hour; after the walk that of `after`.
    """

    def __init__(
        self,
        *,
        before: Point,
        after: Point,
        cadence: Cadence,
        is_gap: bool,
        quarter: Quarter,
    ) -> None:
        self._before = before
        self.after = after
        self._cadence = cadence
        self._is_gap = is_gap
        self.quarter = quarter

    def walk(
        self, buckets: list[Bucket], zone: ZoneInfo
    ) -> Iterator[tuple[Bucket, Mark]]:
        """Go through it; yields what ends on the way, and puts in what begins."""
        at, kwh = self._before.ts, self._before.total_kwh
        while at < self.after.ts:
            mark = self._mark(self._next(buckets))
            elapsed = microseconds(mark.ts - at)
            for bucket in buckets:
                bucket.pass_time(elapsed, mark.kwh - kwh, is_gap=self._is_gap)
            at, kwh = mark.ts, mark.kwh
            self._pass_quarter(buckets, elapsed, mark)
            for index, bucket in enumerate(buckets):
                if bucket.end == at:
                    yield bucket, mark
                    buckets[index] = Bucket.at(bucket.grain, mark, zone)
        if self._is_gap:
            self.quarter = Quarter.at(at, kwh)

    def _next(self, buckets: list[Bucket]) -> datetime:
        until = self.after.ts
        for bucket in buckets:
            until = min(until, bucket.end)
        # Quarters within a gap are not known: there can be years of them.
        if self._is_gap and not self.quarter.covered_us:
            return until
        return min(until, self.quarter.end)

    def _pass_quarter(self, buckets: list[Bucket], elapsed: int, mark: Mark) -> None:
        if not self._is_gap:
            self.quarter.covered_us += elapsed
        if mark.ts < self.quarter.end:
            return
        kw = self.quarter.mean_kw(mark.kwh)
        if kw is not None:
            for bucket in buckets:
                bucket.peak(kw, self.quarter.start)
        self.quarter = Quarter.at(mark.ts, mark.kwh)

    def _mark(self, instant: datetime) -> Mark:
        if instant == self.after.ts:
            return Mark(instant, self.after.total_kwh, self.after.quality)
        tolerance = self._cadence.tolerance
        found = boundary_between(self._before, self.after, instant, tolerance)
        return Mark(instant, found.total_kwh, found.quality)
