"""What comes out of a step: the new state and everything that has to be written."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from ._state import RegisterState

__all__ = [
    "Change",
    "Event",
    "EventType",
    "Label",
    "Point",
    "ReadingQuality",
    "Revision",
    "Step",
    "quality_of",
]

EventType = Literal["jump", "reset", "rollover"]
Label = Literal[
    "first",
    "ok",
    "jitter",
    "rollover",
    "reset",
    "jump_rebased",
    "suspect_low",
    "suspect_high",
    "rejected_glitch",
    "rejected_spike",
    "invalid_zero",
    "out_of_order",
]
ReadingQuality = Literal["measured", "suspect", "rejected"]

_QUALITY: dict[Label, ReadingQuality] = {
    "suspect_low": "suspect",
    "suspect_high": "suspect",
    "rejected_glitch": "rejected",
    "rejected_spike": "rejected",
    "invalid_zero": "rejected",
    "out_of_order": "rejected",
}


def quality_of(label: Label) -> ReadingQuality:
    """Quality of a reading by its label; what is not listed is measured."""
    return _QUALITY.get(label, "measured")


class Point(msgspec.Struct, frozen=True):
    """The unwrapped register at the instant of a good reading or a meter event.

    Attributes:
        ts: The instant, UTC.
        total_kwh: U, kWh after the multiplier.
        quality: `manual` where a person typed or imported the reading.
    """

    ts: datetime
    total_kwh: Decimal
    quality: Literal["measured", "manual"] = "measured"


class Event(msgspec.Struct, frozen=True):
    """A break of the register that was found in the readings: a proposal.

    Given back as a `MeterEvent` with the same registers it counts the same energy.

    Attributes:
        type: `rollover`, `reset` or `jump`.
        ts: Instant of the first reading after the break, UTC.
        old_kwh: Where the old count ended, kWh on the device; the modulus if it
            rolled over.
        new_kwh: Where the new count began, kWh on the device; 0 if it rolled over or
            began from zero.
    """

    type: EventType
    ts: datetime
    old_kwh: Decimal
    new_kwh: Decimal


class Revision(msgspec.Struct, frozen=True):
    """Earlier readings whose quality is known now.

    It holds for the readings of the channel that are suspect and lie between `since`
    and `until`, both included.
    """

    since: datetime
    until: datetime
    label: Label

    @property
    def quality(self) -> ReadingQuality:
        """What the quality of those readings becomes."""
        return quality_of(self.label)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A new state, and what led to it.

    Attributes:
        state: What to remember.
        energy_kwh: kWh by which the total grew, never negative.
        points: New values of the total in order of time. One that is earlier than the
            reading belongs to the pending reading, which is good by hindsight.
        revisions: What became of the pending reading.
    """

    state: RegisterState
    energy_kwh: Decimal = Decimal(0)
    points: tuple[Point, ...] = ()
    revisions: tuple[Revision, ...] = ()


class Step(Change, frozen=True, kw_only=True):
    """What one reading changed.

    Attributes:
        label: How the reading was understood.
        events: Breaks to propose to a person.
    """

    label: Label
    events: tuple[Event, ...] = ()

    @property
    def quality(self) -> ReadingQuality:
        """Quality of the reading, by its label."""
        return quality_of(self.label)
