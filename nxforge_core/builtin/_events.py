"""What happens, as a stream and as a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from litestar.params import HeaderParameter, Parameter

from nxforge_core.api import InvalidInputError, Model, RouteSpec
from nxforge_core.events import Parcel, Wanted, matches_any
from nxforge_core.security import Principal

from ._context import CoreContext
from ._security import CallerRequest
from ._streams import StreamAnswer
from ._telling import open_stream

__all__ = [
    "ROUTES",
    "EventView",
    "recent_events",
    "wanted_by",
]

_READ: Final = "nxforge:events:read"
_PATTERN: Final = re.compile(
    r"\*|[a-z][a-z0-9-]*(\.[a-z][a-z0-9_-]*)*\.([a-z][a-z0-9_-]*|\*)\Z"
)
_Names = Annotated[str, Parameter(max_length=1000)]


class EventView(Model):
    """One event."""

    id: str
    name: str
    source: str
    at: datetime
    data: Mapping[str, Any]


async def stream_events(
    ctx: CoreContext,
    request: CallerRequest,
    names: _Names = "*",
    last_event: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
) -> StreamAnswer:
    """Events as they happen, each if the caller may see it."""
    wanted = _wanted(ctx, request.user, names)
    return open_stream(ctx.host.hub, ctx.host.streams, wanted, last_event)


async def recent_events(
    ctx: CoreContext,
    request: CallerRequest,
    names: _Names = "*",
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 100,
) -> list[EventView]:
    """The newest events that this process remembers, newest first."""
    wanted = _wanted(ctx, request.user, names)
    return [_view(parcel) for parcel in ctx.host.hub.memory.newest(wanted, limit)]


def _view(parcel: Parcel) -> EventView:
    event = parcel.open()
    return EventView(
        id=event.id,
        name=event.name,
        source=event.source,
        at=event.at,
        data=event.data,
    )


def _wanted(ctx: CoreContext, caller: Principal, names: str) -> Wanted:
    """Tell which events were asked for and may be seen; others are not mentioned."""
    patterns = tuple(name.strip() for name in names.split(","))
    for pattern in patterns:
        if not _PATTERN.fullmatch(pattern):
            remedy = "separate by commas names such as 'job.failed', 'job.*' or '*'"
            raise InvalidInputError(field="names", value=pattern, remedy=remedy)
    return wanted_by(ctx, caller, patterns)


def wanted_by(
    ctx: CoreContext, caller: Principal, patterns: Sequence[str] = ("*",)
) -> Wanted:
    """Tell which events fit the patterns and may be seen by the caller."""
    known: dict[tuple[str, str], bool] = {}

    def wanted(parcel: Parcel) -> bool:
        kind = parcel.source, parcel.name
        answer = known.get(kind)
        if answer is None:
            needed = ctx.host.permission_of_event(*kind)
            seen = needed is not None and caller.may(needed)
            answer = known[kind] = seen and matches_any(patterns, parcel.name)
        return answer

    return wanted


ROUTES = [
    RouteSpec("GET", "/api/v1/events", stream_events, permission=_READ),
    RouteSpec("GET", "/api/v1/events/recent", recent_events, permission=_READ),
]
