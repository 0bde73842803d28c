"""What a person's decision means for the arithmetic."""

from __future__ import annotations

from nxforge_consumption_monitor.register import MeterEvent
from nxforge_consumption_monitor.store import DecidedEvent

__all__ = ["decision_of"]


def decision_of(event: DecidedEvent) -> MeterEvent:
    """The break as the person decided about it.

    A confirmed one counts up to the old register and from the new one on. One that was
    proposed and dismissed is a break all the same, over which nothing is counted.
    """
    if event.state == "dismissed":
        return MeterEvent(ts=event.ts, old_kwh=None, new_kwh=None)
    return MeterEvent(ts=event.ts, old_kwh=event.old_kwh, new_kwh=event.new_kwh)
