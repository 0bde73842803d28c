"""Events between plugins and processes, over one listening connection of a process."""

from __future__ import annotations

from ._counts import EventCounts, Fate
from ._hub import EventHub, Subscription
from ._listener import Listener
from ._memory import Memory, Wanted
from ._parcel import Parcel
from ._patterns import covers, matches, matches_any
from ._tap import Tap

__all__ = [
    "EventCounts",
    "EventHub",
    "Fate",
    "Listener",
    "Memory",
    "Parcel",
    "Subscription",
    "Tap",
    "Wanted",
    "covers",
    "matches",
    "matches_any",
]
