"""What people enter and decide about breaks of registers, and what follows."""

from __future__ import annotations

from ._check import check_instant, check_register
from ._decide import confirm, dismiss
from ._enter import enter
from ._errors import (
    DecidedEventError,
    DuplicateEventError,
    EnterAgainError,
    UnknownEventError,
)
from ._known import held, known_channel
from ._list import event, events, meters, segments
from ._segments import segments_of
from ._views import (
    DecisionBody,
    DecisionView,
    EventBody,
    EventView,
    MeterView,
    SegmentView,
    Unmeasured,
)

__all__ = [
    "DecidedEventError",
    "DecisionBody",
    "DecisionView",
    "DuplicateEventError",
    "EnterAgainError",
    "EventBody",
    "EventView",
    "MeterView",
    "SegmentView",
    "UnknownEventError",
    "Unmeasured",
    "check_instant",
    "check_register",
    "confirm",
    "dismiss",
    "enter",
    "event",
    "events",
    "held",
    "known_channel",
    "meters",
    "segments",
    "segments_of",
]
