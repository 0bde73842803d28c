"""What was decided about an event, in a word."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.meter_events import EventView
from nxforge_core.api import load_texts, ui

from ._words import named

__all__ = ["EVENT_ORDER", "event_state"]

say = load_texts(__package__)

_STATES: Final[dict[str, ui.Level]] = {
    "proposed": "warning",
    "confirmed": "ok",
    "dismissed": "unknown",
}
#: What waits for somebody comes first.
EVENT_ORDER: Final = tuple(_STATES)


def event_state(event: EventView) -> ui.State:
    """What was decided, and by whom."""
    by = f"by {event.decided_by}" if event.decided_by else ""
    words = say("waits for a decision") if event.state == "proposed" else by
    return ui.State(named(event.state), _STATES[event.state], words)
