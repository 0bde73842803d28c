"""Events between plugins and processes, over one listening connection of a process."""

from __future__ import annotations

from ._counts import EventCounts, Fate
from ._hub import EventHub, Subscription
from ._listener import Listener
from ._patterns import covers, matches, matches_any

__all__ = [
    "EventCounts",
    "EventHub",
    "Fate",
    "Listener",
    "Subscription",
    "covers",
    "matches",
    "matches_any",
]
