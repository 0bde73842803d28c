"""Events of meters, meters and segments over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar.params import QueryParameter

from nxforge_consumption_monitor import meter_events
from nxforge_consumption_monitor.meter_events import (
    DecisionBody,
    DecisionView,
    EventBody,
    EventView,
    MeterView,
    SegmentView,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext

from ._caller import Caller, name_of

__all__ = [
    "confirm_event",
    "create_event",
    "dismiss_event",
    "list_events",
    "list_meters",
    "list_segments",
]

_Context = PluginContext[MonitorSettings]


async def list_events(
    ctx: _Context,
    given_state: Annotated[str | None, QueryParameter(name="state")] = None,
    endpoint_id: Annotated[str | None, QueryParameter(name="endpointId")] = None,
    kind: Annotated[str | None, QueryParameter(name="type")] = None,
) -> list[EventView]:
    """The newest events of meters, by state, endpoint or type."""
    return await meter_events.events(ctx, given_state, endpoint_id, kind)


async def create_event(
    ctx: _Context, request: Caller, data: EventBody, *, preview: bool = False
) -> DecisionView:
    """Enter an event, which counts at once; the history from it on is restated.

    With `preview=true` nothing is stored, and the answer says what would change.
    """
    return await meter_events.enter(ctx, data, by=name_of(request), preview=preview)


async def confirm_event(
    ctx: _Context,
    request: Caller,
    event_id: int,
    data: DecisionBody | None = None,
    *,
    preview: bool = False,
) -> DecisionView:
    """Confirm an event, with better registers where a person knows them."""
    return await meter_events.confirm(
        ctx, event_id, data or DecisionBody(), by=name_of(request), preview=preview
    )


async def dismiss_event(
    ctx: _Context,
    request: Caller,
    event_id: int,
    data: DecisionBody | None = None,
    *,
    preview: bool = False,
) -> DecisionView:
    """Dismiss an event: it was not so."""
    return await meter_events.dismiss(
        ctx, event_id, data or DecisionBody(), by=name_of(request), preview=preview
    )


async def list_meters(ctx: _Context, endpoint_id: str) -> list[MeterView]:
    """The meters of an endpoint that are known."""
    return await meter_events.meters(ctx, endpoint_id)


async def list_segments(
    ctx: _Context,
    endpoint_id: str,
    from_: Annotated[datetime, QueryParameter(name="from")],
    to: datetime,
) -> list[SegmentView]:
    """A period cut at the breaks of each register: start, end, meter and energy."""
    for field, value in (("from", from_), ("to", to)):
        if value.tzinfo is None:
            remedy = "give it with its offset, such as 2025-03-31T06:00:00Z"
            raise InvalidInputError(field=field, value=str(value), remedy=remedy)
    return await meter_events.segments(ctx, endpoint_id, from_, to)
