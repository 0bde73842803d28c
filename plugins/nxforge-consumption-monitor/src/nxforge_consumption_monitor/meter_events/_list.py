"""Events, meters and segments for people."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from nxforge_consumption_monitor.models import UnknownEndpointError, parse_endpoint_id
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    StoredEndpoint,
    channels_of,
    list_endpoints,
    list_meters,
)
from nxforge_consumption_monitor.store.books import EventFilter, list_events
from nxforge_core.api import InvalidInputError, PluginContext

from ._outcome import found, view_of
from ._segments import segments_of
from ._views import EventView, MeterView, SegmentView

__all__ = ["event", "events", "meters", "segments"]

_Context = PluginContext[MonitorSettings]

_STATES: Final = ("proposed", "confirmed", "dismissed")
_TYPES: Final = (
    "replacement",
    "reset",
    "rollover",
    "jump",
    "multiplier_change",
    "correction",
    "clock_skew",
    "offline",
    "online",
)
_MOST: Final = 500


async def events(
    ctx: _Context,
    state: str | None = None,
    endpoint_id: str | None = None,
    kind: str | None = None,
    between: tuple[datetime, datetime] | None = None,
) -> list[EventView]:
    """The newest events, of a state, an endpoint, a type or a time where one is named.

    Raises:
        InvalidInputError: there is no such state or type.
        UnknownItemError: `endpoint_id` is no id.
    """
    _check("state", state, _STATES)
    _check("type", kind, _TYPES)
    wanted = EventFilter(
        state=state,
        endpoint_id=None if endpoint_id is None else parse_endpoint_id(endpoint_id),
        type=kind,
        low=between[0] if between else None,
        high=between[1] if between else None,
        limit=_MOST,
    )
    return [view_of(each) for each in await list_events(ctx.db, wanted)]


async def event(ctx: _Context, event_id: int) -> EventView:
    """The event with the id, however old it is.

    Raises:
        UnknownEventError: there is none.
    """
    return view_of(await found(ctx.db, event_id))


async def meters(ctx: _Context, endpoint_id: str) -> list[MeterView]:
    """The meters of an endpoint that are known, each channel's in order of time.

    Raises:
        UnknownEndpointError: there is no such endpoint.
    """
    endpoint = await _endpoint(ctx, endpoint_id)
    return [
        MeterView(
            id=each.id,
            channel=each.channel,
            serial=each.serial,
            installed_at=each.installed_at,
            removed_at=each.removed_at,
            initial_kwh=each.initial_kwh,
            final_kwh=each.final_kwh,
            multiplier=each.multiplier or endpoint.multiplier,
            modulus_kwh=each.modulus_kwh or endpoint.modulus_kwh,
        )
        for each in await list_meters(ctx.db, endpoint.id)
    ]


async def segments(
    ctx: _Context, endpoint_id: str, start: datetime, end: datetime
) -> list[SegmentView]:
    """The parts of a period between the breaks of each channel's register.

    Raises:
        UnknownEndpointError: there is no such endpoint.
        InvalidInputError: the period does not end after its start.
    """
    if end <= start:
        remedy = "give an instant later than 'from'"
        raise InvalidInputError(field="to", value=end.isoformat(), remedy=remedy)
    endpoint = await _endpoint(ctx, endpoint_id)
    parts: list[SegmentView] = []
    for channel in await channels_of(ctx.db, endpoint.id):
        parts += await segments_of(
            ctx.db, endpoint.id, channel, (start, end), endpoint.multiplier
        )
    return parts


async def _endpoint(ctx: _Context, endpoint_id: str) -> StoredEndpoint:
    known = parse_endpoint_id(endpoint_id)
    stored = await list_endpoints(ctx.db, known, archived=True)
    if not stored:
        raise UnknownEndpointError(endpoint_id)
    return stored[0]


def _check(field: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        remedy = f"give one of {', '.join(known)}"
        raise InvalidInputError(field=field, value=value, remedy=remedy)
