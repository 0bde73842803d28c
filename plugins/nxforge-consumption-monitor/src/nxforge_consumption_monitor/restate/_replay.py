"""A channel's stored readings once more, with what is known by now."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from nxforge_consumption_monitor.models import EventRow, Mend
from nxforge_consumption_monitor.register import (
    Change,
    Limits,
    Point,
    Reading,
    apply_event,
    step,
)
from nxforge_consumption_monitor.store import (
    DecidedEvent,
    HeldEndpoint,
    Judgement,
    StoredMeter,
    StoredRegister,
)

from ._course import Course
from ._decision import decision_of
from ._limits import limits_of
from ._mend import events_of, mends_of, reason_of

__all__ = ["Replay"]

_MOMENT: Final = timedelta(microseconds=1)
_GOOD: Final = frozenset({"measured", "estimated", "manual"})
#: Typed in or imported by a person.
_BY_HAND: Final = frozenset({"manual", "import"})


class Replay:
    """Takes a channel's readings in order of time.

    Args:
        endpoint: Whose fields the readings are judged by.
        course: Of the channel, at its beginning.
        meters: Of the channel.
        events: What a person decided, from the first reading on, in order of time.
        judged_after: Readings until then keep what they are worth; None: all are
            judged.

    Attributes:
        course: Where the channel stands.
        last_good: When the last good reading was taken.
        found: Breaks to propose.
    """

    def __init__(
        self,
        endpoint: HeldEndpoint,
        course: Course,
        *,
        meters: Sequence[StoredMeter],
        events: Iterable[DecidedEvent],
        judged_after: datetime | None,
    ) -> None:
        self._endpoint = endpoint
        self.course = course
        self._meters = meters
        self._events = deque(events)
        self._judged_after = judged_after
        self._judged: dict[datetime, tuple[StoredRegister, Judgement]] = {}
        self._mends: list[Mend] = []
        self.last_good: datetime | None = None
        self.found: list[EventRow] = []

    def take(self, reading: StoredRegister) -> None:
        """Go on to the next reading."""
        here = self._decide_until(reading.ts)
        if self._keeps(reading.ts):
            self._keep(reading)
        else:
            self._judge(reading)
        # A reading at the very instant of an event says more than the event.
        if here and self.last_good != reading.ts:
            self.course.point(here[-1])

    def end(self) -> None:
        """Take what was decided about the time after the last reading."""
        while self._events:
            self._decide(self._events.popleft(), None)

    def drain(self) -> tuple[list[Judgement], list[Mend]]:
        """What changed since the last call, in the order to write it."""
        changed = [new for old, new in self._judged.values() if _differs(old, new)]
        mends = self._mends
        self._judged, self._mends = {}, []
        return changed, mends

    def _decide_until(self, at: datetime) -> list[Point]:
        here: list[Point] = []
        while self._events and self._events[0].ts <= at:
            here = self._decide(self._events.popleft(), at) or here
        return here

    def _decide(self, event: DecidedEvent, at: datetime | None) -> list[Point]:
        if event.state == "proposed":
            # Counted where its reading is kept; judged again it is found again.
            if self._keeps(event.ts):
                self.course.count_break(event.ts)
            return []
        # The old count was that of the meter before.
        limits = self._limits(event.ts - _MOMENT, None)
        change = apply_event(self.course.register, decision_of(event), limits)
        self._mend(change)
        self.course.register = change.state
        self.course.count_break(event.ts)
        here = [point for point in change.points if point.ts == at]
        for point in change.points:
            if point.ts != at:
                self.course.point(point)
        return here

    def _keeps(self, at: datetime) -> bool:
        return self._judged_after is not None and at <= self._judged_after

    def _keep(self, reading: StoredRegister) -> None:
        if reading.quality not in _GOOD:
            return
        self.course.resume(reading)
        self.last_good = reading.ts

    def _judge(self, reading: StoredRegister) -> None:
        if reading.register_kwh is None:
            if reading.quality in _GOOD:
                self.course.resume(reading)
                self.last_good = reading.ts
            return
        change = step(
            self.course.register,
            Reading(
                ts=reading.ts,
                register_kwh=reading.register_kwh,
                power_kw=reading.power_kw,
                voltage_v=reading.voltage,
            ),
            self._limits(reading.ts, reading),
        )
        by_hand = reading.source in _BY_HAND
        self.course.follow(
            change, at=reading.ts, power_kw=reading.power_kw, by_hand=by_hand
        )
        totals = {point.ts: point.total_kwh for point in change.points}
        quality = change.quality
        self._judged[reading.ts] = (
            reading,
            Judgement(
                ts=reading.ts,
                quality="manual" if by_hand and quality == "measured" else quality,
                reason=reason_of(change.label),
                total_kwh=totals.get(reading.ts),
            ),
        )
        self._mend(change)
        self.found.extend(events_of(self._endpoint.id, self.course.channel, change))
        if change.points:
            self.last_good = change.points[-1].ts

    def _mend(self, change: Change) -> None:
        for mend in mends_of(self._endpoint.id, self.course.channel, change):
            reaches_back = True
            for ts, (stored, judgement) in reversed(self._judged.items()):
                if ts < mend.since:
                    reaches_back = False
                    break
                if ts <= mend.until and judgement.quality == "suspect":
                    self._judged[ts] = (stored, _mended(stored, judgement, mend))
            if reaches_back:
                self._mends.append(mend)

    def _limits(self, at: datetime, reading: StoredRegister | None) -> Limits:
        there = [meter for meter in self._meters if meter.was_present(at)]
        meter = there[-1] if there else None
        return limits_of(
            self._endpoint,
            learned=reading.resolution_kwh if reading else None,
            multiplier=meter.multiplier if meter else None,
            modulus_kwh=meter.modulus_kwh if meter else None,
        )


def _mended(stored: StoredRegister, judgement: Judgement, mend: Mend) -> Judgement:
    by_hand = stored.source in _BY_HAND and mend.quality == "measured"
    return replace(
        judgement,
        quality="manual" if by_hand else mend.quality,
        reason=mend.reason,
        total_kwh=mend.total_kwh if mend.total_ts == judgement.ts else None,
    )


def _differs(stored: StoredRegister, judgement: Judgement) -> bool:
    return (stored.quality, stored.reason, stored.total_kwh) != (
        judgement.quality,
        judgement.reason,
        judgement.total_kwh,
    )
