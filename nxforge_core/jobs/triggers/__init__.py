"""When a trigger is due, in which words, and what becomes of missed slots."""

from __future__ import annotations

from ._misfire import MisfirePlan, plan_misfires
from ._slots import check_trigger, next_slots, previous_slot
from ._spread import spread
from ._trigger_text import trigger_text
from ._words import trigger_words

__all__ = [
    "MisfirePlan",
    "check_trigger",
    "next_slots",
    "plan_misfires",
    "previous_slot",
    "spread",
    "trigger_text",
    "trigger_words",
]
