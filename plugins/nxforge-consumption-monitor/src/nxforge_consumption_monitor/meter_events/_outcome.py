"""What follows from an event: meters, restated history, what stays unmeasured."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from nxforge_consumption_monitor.restate import Restatement, restate
from nxforge_consumption_monitor.store import HeldEndpoint
from nxforge_consumption_monitor.store.books import (
    EventFilter,
    StoredEvent,
    assign_meters,
    list_events,
)
from nxforge_core.api import Connection

from ._errors import UnknownEventError
from ._unmeasured import unmeasured_of
from ._views import DecisionView, EventView

__all__ = ["COUNTING", "found", "outcome", "view_of"]

#: Types that change what is counted; the others only tell something.
COUNTING: Final = frozenset(
    {"replacement", "reset", "rollover", "jump", "multiplier_change", "correction"}
)


async def found(connection: Connection, event_id: int) -> StoredEvent:
    """The event with the id.

    Raises:
        UnknownEventError: there is none.
    """
    events = await list_events(connection, EventFilter(id=event_id, limit=1))
    if not events:
        raise UnknownEventError(event_id)
    return events[0]


async def outcome(
    connection: Connection, endpoint: HeldEndpoint, event_id: int, *, stored: bool
) -> DecisionView:
    """Compute the history from the event on again, and say what changed."""
    event = await found(connection, event_id)
    restated = Restatement(endpoint_id=endpoint.id)
    if event.type in COUNTING:
        restated = await _restated(connection, endpoint, event.channel, event.ts)
    return DecisionView(
        stored=stored,
        event=view_of(event),
        restated=restated,
        unmeasured=await unmeasured_of(connection, endpoint, event)
        if event.type in COUNTING
        else None,
    )


async def _restated(
    connection: Connection, endpoint: HeldEndpoint, channel: str, since: datetime
) -> Restatement:
    await assign_meters(connection, endpoint.id, channel, since)
    return await restate(connection, endpoint.id, since, channels=[channel])


def view_of(event: StoredEvent) -> EventView:
    """Show an event."""
    return EventView(
        id=event.id,
        endpoint_id=event.endpoint_id,
        endpoint_name=event.endpoint_name,
        channel=event.channel,
        timestamp=event.ts,
        type=event.type,
        old_kwh=event.old_kwh,
        new_kwh=event.new_kwh,
        origin=event.origin,
        state=event.state,
        note=event.note,
        created_at=event.created_at,
        decided_by=event.decided_by,
        decided_at=event.decided_at,
    )
