"""An hour, a day or a month while it is filled."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.register import Quality, span_at

__all__ = [
    "Bucket",
    "Mark",
    "PointQuality",
    "Quarter",
    "Rollup",
    "RollupGrain",
    "mean_kw",
    "microseconds",
]

RollupGrain = Literal["hour", "day", "month"]
PointQuality = Literal["measured", "manual"]

_MICROSECOND: Final = timedelta(microseconds=1)
_HOUR: Final = Decimal(3_600_000_000)
_SIX_PLACES: Final = Decimal("0.000001")
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
_ZERO: Final = Decimal(0)
_QUARTER: Final = timedelta(minutes=15)
#: So much of a quarter of an hour must be known for its mean to count.
_KNOWN: Final = _QUARTER * 4 // 5


def microseconds(span: timedelta) -> int:
    """A span as a whole number."""
    return span // _MICROSECOND


def mean_kw(energy_kwh: Decimal, elapsed_us: int) -> Decimal:
    """The steady load that gives this energy in this time, kW, to 6 decimals."""
    scaled = _WIDE.multiply(energy_kwh, _HOUR)
    mean = _WIDE.divide(scaled, Decimal(elapsed_us))
    return mean.quantize(_SIX_PLACES, context=_WIDE)


class Mark(NamedTuple):
    """U at an instant."""

    ts: datetime
    kwh: Decimal
    quality: Quality


class Rollup(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is known of an hour (UTC), or of a day or month of the endpoint's zone.

    Attributes:
        energy_kwh: From the first instant known of it to the last; None while that
            is one instant.
        estimated_kwh: Of it, what lies within gaps: its total is known, when it was
            used is not.
        start_register: U at its start, or at the first reading ever; None for a
            device that only tells its power. So is the other end.
        avg_kw: Mean load of the time outside of gaps.
        peak_kw_15m: Highest mean of a quarter of an hour, from U.
        peak_at: When that quarter began.
        peak_kw_sample: Highest power sample.
        expected: Readings at the endpoint's interval.
        coverage: Share of its time between readings without a gap, 0 to 1.
        closed: A reading at its end or later is known.
    """

    grain: RollupGrain
    start_ts: datetime
    end_ts: datetime
    energy_kwh: Decimal | None
    estimated_kwh: Decimal
    start_register: Decimal | None
    end_register: Decimal | None
    start_quality: Quality
    end_quality: Quality
    avg_kw: Decimal | None
    peak_kw_15m: Decimal | None
    peak_at: datetime | None
    peak_kw_sample: Decimal | None
    min_kw: Decimal | None
    readings: int
    expected: int
    coverage: Decimal
    events: int
    closed: bool


class Quarter(msgspec.Struct, kw_only=True, array_like=True, gc=False):
    """The open quarter of an hour.

    Attributes:
        end: Of the quarter.
        since: From when on it is known.
        kwh: U at `since`.
        covered_us: Of it, time outside of gaps.
    """

    end: datetime
    since: datetime
    kwh: Decimal
    covered_us: int = 0

    @classmethod
    def at(cls, instant: datetime, kwh: Decimal) -> Quarter:
        """The one that an instant lies in."""
        minute = instant.minute // 15 * 15
        start = instant.replace(minute=minute, second=0, microsecond=0)
        return cls(end=start + _QUARTER, since=instant, kwh=kwh)

    @property
    def start(self) -> datetime:
        """When it began."""
        return self.end - _QUARTER

    def mean_kw(self, kwh: Decimal) -> Decimal | None:
        """Its mean load with U at its end; None where too little of it is known."""
        if self.covered_us * _MICROSECOND < _KNOWN:
            return None
        return mean_kw(kwh - self.kwh, microseconds(self.end - self.since))


class Bucket(msgspec.Struct, kw_only=True, array_like=True, gc=False):
    """An hour, a day or a month while it is filled.

    The view `open_rollup` knows its fields by their places.

    Attributes:
        start_kwh: U at its start, or at the first reading ever.
        known_us: How much of its time is known.
        covered_us: Of that, time outside of gaps.
    """

    grain: RollupGrain
    start: datetime
    end: datetime
    start_kwh: Decimal
    start_quality: Quality
    known_us: int = 0
    covered_us: int = 0
    estimated_kwh: Decimal = _ZERO
    peak_kw: Decimal | None = None
    peak_at: datetime | None = None
    sample_kw: Decimal | None = None
    min_kw: Decimal | None = None
    readings: int = 0
    events: int = 0

    @classmethod
    def at(cls, grain: RollupGrain, mark: Mark, zone: ZoneInfo) -> Bucket:
        """The one that an instant lies in, known from that instant on."""
        span = span_at(grain, mark.ts, zone)
        return cls(
            grain=grain,
            start=span.start,
            end=span.end,
            start_kwh=mark.kwh,
            start_quality=mark.quality,
        )

    def pass_time(self, elapsed_us: int, energy_kwh: Decimal, *, is_gap: bool) -> None:
        """Go on within it."""
        self.known_us += elapsed_us
        if is_gap:
            self.estimated_kwh += energy_kwh
        else:
            self.covered_us += elapsed_us

    def note(self, power_kw: Decimal | None, events: int) -> None:
        """Count a reading."""
        self.readings += 1
        self.events += events
        if power_kw is None:
            return
        if self.sample_kw is None or power_kw > self.sample_kw:
            self.sample_kw = power_kw
        if self.min_kw is None or power_kw < self.min_kw:
            self.min_kw = power_kw

    def peak(self, kw: Decimal, at: datetime) -> None:
        """Take over the mean of a quarter of an hour if it is the highest."""
        if self.peak_kw is None or kw > self.peak_kw:
            self.peak_kw, self.peak_at = kw, at

    def rollup(
        self,
        last: Mark,
        interval: timedelta,
        *,
        by_power: bool,
        closed: bool = True,
    ) -> Rollup:
        """What is known of it, with the last instant known of it."""
        energy = last.kwh - self.start_kwh
        length = microseconds(self.end - self.start)
        share = _WIDE.divide(Decimal(self.covered_us), Decimal(length))
        avg = None
        if self.covered_us:
            avg = mean_kw(energy - self.estimated_kwh, self.covered_us)
        return Rollup(
            grain=self.grain,
            start_ts=self.start,
            end_ts=self.end,
            energy_kwh=energy if self.known_us else None,
            estimated_kwh=self.estimated_kwh,
            start_register=None if by_power else self.start_kwh,
            end_register=None if by_power else last.kwh,
            start_quality=self.start_quality,
            end_quality=last.quality,
            avg_kw=avg,
            peak_kw_15m=self.peak_kw,
            peak_at=self.peak_at,
            peak_kw_sample=self.sample_kw,
            min_kw=self.min_kw,
            readings=self.readings,
            expected=max(round((self.end - self.start) / interval), 1),
            coverage=share.quantize(_SIX_PLACES, context=_WIDE),
            events=self.events,
            closed=closed,
        )
