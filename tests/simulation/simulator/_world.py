"""All meters of a run, and what befalls the host: everything follows from the seed."""

from __future__ import annotations

from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ._faults import Fault, FaultPlan, NoRoomError, Span
from ._load import HOUR, Load
from ._meter import Meter
from ._pages import STYLES
from ._traits import Traits

__all__ = ["Month", "World", "WorldSpec"]

_DAY = 24 * HOUR
_ZONES = (
    "Europe/Bucharest",
    "UTC",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/London",
)
#: By how many seconds the host's clock is wrong, each for some hours.
_OFFSETS = (3607, -3613, -31)
_RESOLUTIONS = (1, 10, 100)
_TRIES = 20
#: Seconds that a trouble of the host keeps free at the most.
_TROUBLE = 12 * HOUR


@dataclass(frozen=True)
class WorldSpec:
    """What kind of run it is; sent to the process that serves the meters.

    Attributes:
        begin: First instant, Unix seconds, a full hour.
        days: How long it lasts.
        quarters: Parts of it in which each meter has each fault.
        intervals: Of the polls, seconds; meters take turns.
        away_days: How long the longest absence is.
    """

    seed: int
    begin: int
    days: int
    quarters: int
    meters: int
    intervals: tuple[int, ...]
    away_days: int

    @property
    def end(self) -> int:
        """First instant after it."""
        return self.begin + self.days * _DAY


@dataclass(frozen=True)
class Month:
    """A calendar month of a zone."""

    year: int
    month: int
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


class World:
    """The meters and their faults.

    Attributes:
        spec: What kind of run it is.
        kills: When the host is killed, each with some quiet time after it.
        offsets: When the host's clock is wrong, and by how many seconds.
        meters: All of them.
    """

    def __init__(self, spec: WorldSpec) -> None:
        self.spec = spec
        self.kills: list[Span] = []
        self.offsets: list[tuple[Span, int]] = []
        self.meters: list[Meter] = []
        random = Random(spec.seed)
        self._slow: list[int] = []
        for _ in range(_TRIES):
            with suppress(NoRoomError):
                self._plan(random)
                return
        raise NoRoomError(Span(spec.begin, spec.end))

    def offset(self, at: int) -> int:
        """By how much the host's clock is wrong at an instant."""
        return sum(by for span, by in self.offsets if span.start <= at < span.end)

    def months(self, meter: Meter) -> list[Month]:
        """The calendar months of a meter's zone that share time with the run."""
        return _months_of(meter.traits.zone, self.spec)

    def _plan(self, random: Random) -> None:
        self.kills.clear()
        self.offsets.clear()
        self._slow.clear()
        for quarter in range(self.spec.quarters):
            self._trouble_host(random, self._quarter(quarter))
        self.meters = [self._meter(number) for number in range(self.spec.meters)]

    def _quarter(self, number: int) -> Span:
        length = self.spec.days * _DAY // self.spec.quarters
        start = self.spec.begin + number * length
        # It begins and ends in peace: what is suspect at its end has to be explained.
        return Span(start + _DAY, start + length - _DAY)

    def _trouble_host(self, random: Random, quarter: Span) -> None:
        # In turn a kill and a wrong clock, spread over the quarter.
        kinds = 2 * len(_OFFSETS) + 1
        part = (quarter.end - quarter.start) // kinds
        for number in range(kinds):
            first = quarter.start + number * part
            hours = range(first - first % HOUR + HOUR, first + part - _TROUBLE, HOUR)
            start = random.choice([at for at in hours if not _near_month_end(at)])
            span = Span(start, start + 3 * HOUR)
            if number == kinds - 1:
                self._slow.append(start)
            elif number % 2:
                self.kills.append(span)
            else:
                self.offsets.append((span, _OFFSETS[number // 2]))

    def _meter(self, number: int) -> Meter:
        spec, random = self.spec, Random(f"{self.spec.seed} {number}")
        traits = _traits(number, spec.intervals[number % len(spec.intervals)], random)
        bounds = [month.start for month in _months_of(traits.zone, spec)]
        troubles = [*self.kills, *(span for span, _ in self.offsets)]
        quiet_after = 2 * traits.interval + 2 * HOUR
        troubles += [Span(at, at + traits.interval) for at in self._slow]
        reserved = [Span(one.start, one.end + quiet_after) for one in troubles]
        plan = FaultPlan(
            random,
            traits,
            weeks=spec.away_days * _DAY,
            reserved=reserved,
            month_ends=bounds,
            hides_month_end=number % 3 == 0,
        )
        faults: list[Fault] = []
        for quarter in range(spec.quarters):
            slow = Span(self._slow[quarter], self._slow[quarter] + traits.interval)
            faults.append(Fault("slow", slow, quarter))
            faults += plan.place(quarter, self._quarter(quarter))
        faults.sort(key=lambda fault: fault.span.start)
        quiet = [
            (f.span.start - 2 * traits.interval, f.span.end + 2 * traits.interval)
            for f in faults
            if f.kind == "jitter"
        ]
        load = Load(random, spec.begin, spec.days * 24 + 24, quiet)
        initial = random.randrange(traits.modulus // 10, traits.modulus // 5)
        return Meter(
            number,
            traits,
            load,
            faults,
            begin=spec.begin,
            initial=initial - initial % 1000,
        )


def _traits(number: int, interval: int, random: Random) -> Traits:
    multiplier = random.choice((1, 1, 1, 10, 40))
    resolution = random.choice(_RESOLUTIONS)
    # The register of 24 bits of Wh is for what counts slowly: once round in a quarter.
    is_binary = multiplier > 1 and resolution == 1
    return Traits(
        interval=interval,
        resolution=resolution,
        coarse=resolution == 1 and random.random() < 1 / 2,
        multiplier=multiplier,
        modulus=16_777_216 if is_binary else 100_000_000,
        zone=_ZONES[number % len(_ZONES)],
        style=STYLES[number // 2 % len(STYLES)],
        has_clock=number % 4 != 1,
    )


def _months_of(name: str, spec: WorldSpec) -> list[Month]:
    zone = ZoneInfo(name)
    day = datetime.fromtimestamp(spec.begin, zone).date().replace(day=1)
    found: list[Month] = []
    while _instant(day, zone) < spec.end:
        following = day + timedelta(monthrange(day.year, day.month)[1])
        found.append(
            Month(day.year, day.month, _instant(day, zone), _instant(following, zone))
        )
        day = following
    return found


def _instant(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _near_month_end(at: int) -> bool:
    days = (datetime.fromtimestamp(at, UTC) + timedelta(days=n) for n in (-2, 2))
    before, after = days
    return before.month != after.month
