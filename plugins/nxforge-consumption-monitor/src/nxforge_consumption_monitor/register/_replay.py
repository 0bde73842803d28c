"""Many readings at once: the first import, late data, and what a person decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from ._limits import Limits
from ._meter_event import MeterEvent, apply_event
from ._state import Reading, RegisterState
from ._step import Change, Event, Label, Point, ReadingQuality, Revision, quality_of
from ._unwrap import step

__all__ = ["Course", "Judged", "unwrap"]


class Judged(msgspec.Struct, frozen=True):
    """A reading with what all readings together say about it.

    Attributes:
        reading: The reading as given.
        label: Final label: a pending reading that was explained has its last one.
        total_kwh: U at its instant, kWh after the multiplier; None unless measured.
    """

    reading: Reading
    label: Label
    total_kwh: Decimal | None

    @property
    def quality(self) -> ReadingQuality:
        """Quality of the reading, by its label."""
        return quality_of(self.label)


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How a register went.

    Attributes:
        state: After the last reading; the next `step` continues from it.
        energy_kwh: kWh counted in all.
        judged: The readings in order of time.
        points: U at the good readings and at the meter events, in order of time.
        events: Breaks to propose, in order of being found.
    """

    state: RegisterState
    energy_kwh: Decimal
    judged: tuple[Judged, ...]
    points: tuple[Point, ...]
    events: tuple[Event, ...]


def unwrap(
    readings: Iterable[Reading],
    limits: Limits,
    *,
    events: Iterable[MeterEvent] = (),
    state: RegisterState | None = None,
) -> Course:
    """Judge readings in order of time, whatever order they come in.

    To restate from an instant on, give the state at the last good reading before it
    (its register, instant and total) and the readings after that one.

    Args:
        readings: All readings later than `state`.
        limits: Fields of the endpoint, until an event changes them.
        events: What a person entered; it wins over what the readings suggest.
        state: Where to begin; None for a channel without earlier readings.

    Returns:
        Every reading with its final label, and the points of the total.
    """
    log = _Log(state or RegisterState())
    for entry in _by_time(readings, events):
        if isinstance(entry, MeterEvent):
            log.note(apply_event(log.state, entry, limits))
            limits = entry.limits or limits
        else:
            log.judge(entry, limits)
    return log.course()


def _by_time(
    readings: Iterable[Reading], events: Iterable[MeterEvent]
) -> list[Reading | MeterEvent]:
    entries: list[Reading | MeterEvent] = [*events, *readings]
    entries.sort(key=lambda entry: entry.ts)  # stable: an event stays before a reading
    return entries


class _Log:
    """What is known so far; revisions reach back only as far as a reading waited."""

    def __init__(self, state: RegisterState) -> None:
        self.state = state
        self._energy = Decimal(0)
        self._readings: list[Reading] = []
        self._labels: list[Label] = []
        self._totals: list[Decimal | None] = []
        self._points: list[Point] = []
        self._events: list[Event] = []

    def judge(self, reading: Reading, limits: Limits) -> None:
        outcome = step(self.state, reading, limits)
        self._readings.append(reading)
        self._labels.append(outcome.label)
        self._totals.append(None)
        self._events.extend(outcome.events)
        self.note(outcome)

    def note(self, change: Change) -> None:
        self.state = change.state
        self._energy += change.energy_kwh
        for revision in change.revisions:
            self._revise(revision)
        for point in change.points:
            self._place(point)

    def course(self) -> Course:
        judged = map(Judged, self._readings, self._labels, self._totals)
        return Course(
            state=self.state,
            energy_kwh=self._energy,
            judged=tuple(judged),
            points=tuple(self._points),
            events=tuple(self._events),
        )

    def _revise(self, revision: Revision) -> None:
        for index in self._since(revision.since):
            is_later = self._readings[index].ts > revision.until
            if not is_later and quality_of(self._labels[index]) == "suspect":
                self._labels[index] = revision.label

    def _place(self, point: Point) -> None:
        # a reading at the very instant of a meter event says more than the event
        if self._points and self._points[-1].ts == point.ts:
            self._points.pop()
        self._points.append(point)
        for index in self._since(point.ts):
            is_there = self._readings[index].ts == point.ts
            if is_there and quality_of(self._labels[index]) == "measured":
                self._totals[index] = point.total_kwh

    def _since(self, instant: datetime) -> Iterator[int]:
        index = len(self._readings) - 1
        while index >= 0 and self._readings[index].ts >= instant:
            yield index
            index -= 1
