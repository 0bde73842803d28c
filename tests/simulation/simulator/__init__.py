"""Meters that misbehave, and their own count of what was used.

An opponent, not a helper: nothing here is imported from what it tests. It counts whole
joules of a load it knows, says what each meter answers at any instant, and what
somebody who saw those answers can know about a month.
"""

from __future__ import annotations

from ._faults import KINDS, OF_CLOCKS, Fault, Span
from ._load import Load
from ._meter import Answer, Meter
from ._observer import Known, Observer, Seen
from ._pages import Page, page
from ._traits import Traits
from ._world import World, WorldSpec

__all__ = [
    "KINDS",
    "OF_CLOCKS",
    "Answer",
    "Fault",
    "Known",
    "Load",
    "Meter",
    "Observer",
    "Page",
    "Seen",
    "Span",
    "Traits",
    "World",
    "WorldSpec",
    "page",
]
