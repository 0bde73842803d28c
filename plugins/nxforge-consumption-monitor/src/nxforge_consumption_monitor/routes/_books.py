"""Routes of what people bring in and decide, with what their callers need."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.permissions import (
    READ_READINGS,
    WRITE_EVENTS,
    WRITE_READINGS,
)
from nxforge_core.api import RouteSpec

from ._events import (
    confirm_event,
    create_event,
    dismiss_event,
    list_events,
    list_meters,
    list_segments,
)
from ._imports import (
    import_file,
    list_imports,
    list_superseded,
    show_import,
    type_in_reading,
)

__all__ = ["BOOK_ROUTES"]

_ONE: Final = "/endpoints/{endpoint_id:str}"
_EVENT: Final = "/events/{event_id:int}"

BOOK_ROUTES: Final = (
    RouteSpec("GET", "/imports", list_imports, READ_READINGS),
    RouteSpec("POST", "/imports", import_file, WRITE_READINGS),
    RouteSpec("GET", "/imports/{import_id:int}", show_import, READ_READINGS),
    RouteSpec("POST", "/readings/manual", type_in_reading, WRITE_READINGS),
    RouteSpec("GET", "/readings/superseded", list_superseded, READ_READINGS),
    RouteSpec("GET", "/events", list_events, READ_READINGS),
    RouteSpec("POST", "/events", create_event, WRITE_EVENTS),
    RouteSpec("POST", f"{_EVENT}/confirm", confirm_event, WRITE_EVENTS),
    RouteSpec("POST", f"{_EVENT}/dismiss", dismiss_event, WRITE_EVENTS),
    RouteSpec("GET", f"{_ONE}/meters", list_meters, READ_READINGS),
    RouteSpec("GET", f"{_ONE}/segments", list_segments, READ_READINGS),
)
