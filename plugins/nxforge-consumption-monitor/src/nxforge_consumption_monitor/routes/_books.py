"""Routes of what people bring in and decide, with what their callers need."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.permissions import (
    READ_ENDPOINTS,
    READ_READINGS,
    READ_TARIFFS,
    UNLOCK_MONTHS,
    WRITE_ENDPOINTS,
    WRITE_EVENTS,
    WRITE_LOCKS,
    WRITE_READINGS,
    WRITE_TARIFFS,
)
from nxforge_core.api import RouteSpec

from ._bulk import create_endpoints, export_endpoints
from ._events import (
    confirm_event,
    create_event,
    dismiss_event,
    list_events,
    list_meters,
    list_segments,
)
from ._groups import (
    create_group,
    create_tariff,
    delete_group,
    delete_tariff,
    list_groups,
    list_tariffs,
    replace_group,
    replace_tariff,
    show_bill,
    show_group,
    show_tariff,
)
from ._imports import (
    import_file,
    list_imports,
    list_superseded,
    show_import,
    type_in_reading,
)
from ._locks import (
    create_lock,
    delete_lock,
    list_lock_entries,
    list_locks,
    recompute,
)
from ._marks import exclude_readings, list_marks, restore_readings
from ._rules import (
    add_rules,
    delete_credential,
    list_rules,
    put_credential,
    revert_rules,
    show_credential,
)

__all__ = ["BOOK_ROUTES"]

_ONE: Final = "/endpoints/{endpoint_id:str}"
_GROUP: Final = "/groups/{group_id:str}"
_TARIFF: Final = "/tariffs/{tariff_id:str}"
_REVERT: Final = f"{_ONE}/rules/{{version:int}}/revert"
_LOCK: Final = "/locks/{lock_id:int}"
_LOGIN: Final = f"{_ONE}/credential"
_EVENT: Final = "/events/{event_id:int}"

BOOK_ROUTES: Final = (
    RouteSpec("POST", "/endpoints/bulk", create_endpoints, WRITE_ENDPOINTS),
    RouteSpec("GET", "/endpoints/export", export_endpoints, READ_ENDPOINTS),
    RouteSpec("GET", "/imports", list_imports, READ_READINGS),
    RouteSpec("POST", "/imports", import_file, WRITE_READINGS),
    RouteSpec("GET", "/imports/{import_id:int}", show_import, READ_READINGS),
    RouteSpec("POST", "/readings/manual", type_in_reading, WRITE_READINGS),
    RouteSpec("GET", "/readings/superseded", list_superseded, READ_READINGS),
    RouteSpec("GET", "/readings/marks", list_marks, READ_READINGS),
    RouteSpec("POST", "/readings/exclude", exclude_readings, WRITE_READINGS),
    RouteSpec("POST", "/readings/restore", restore_readings, WRITE_READINGS),
    RouteSpec("GET", "/events", list_events, READ_READINGS),
    RouteSpec("POST", "/events", create_event, WRITE_EVENTS),
    RouteSpec("POST", f"{_EVENT}/confirm", confirm_event, WRITE_EVENTS),
    RouteSpec("POST", f"{_EVENT}/dismiss", dismiss_event, WRITE_EVENTS),
    RouteSpec("GET", f"{_ONE}/meters", list_meters, READ_READINGS),
    RouteSpec("GET", f"{_ONE}/segments", list_segments, READ_READINGS),
    RouteSpec("GET", "/groups", list_groups, READ_ENDPOINTS),
    RouteSpec("POST", "/groups", create_group, WRITE_ENDPOINTS, status=201),
    RouteSpec("GET", _GROUP, show_group, READ_ENDPOINTS),
    RouteSpec("PUT", _GROUP, replace_group, WRITE_ENDPOINTS),
    RouteSpec("DELETE", _GROUP, delete_group, WRITE_ENDPOINTS, status=204),
    RouteSpec("GET", "/tariffs", list_tariffs, READ_TARIFFS),
    RouteSpec("POST", "/tariffs", create_tariff, WRITE_TARIFFS, status=201),
    RouteSpec("GET", _TARIFF, show_tariff, READ_TARIFFS),
    RouteSpec("PUT", _TARIFF, replace_tariff, WRITE_TARIFFS),
    RouteSpec("DELETE", _TARIFF, delete_tariff, WRITE_TARIFFS, status=204),
    RouteSpec("GET", "/bills/{subject_id:str}", show_bill, READ_TARIFFS),
    RouteSpec("GET", "/locks", list_locks, READ_READINGS),
    RouteSpec("GET", "/locks/entries", list_lock_entries, READ_READINGS),
    RouteSpec("POST", "/locks", create_lock, WRITE_LOCKS, status=201),
    RouteSpec("DELETE", _LOCK, delete_lock, UNLOCK_MONTHS, status=204),
    RouteSpec("POST", "/recompute", recompute, WRITE_READINGS, status=202),
    RouteSpec("GET", f"{_ONE}/rules", list_rules, READ_ENDPOINTS),
    RouteSpec("POST", f"{_ONE}/rules", add_rules, WRITE_ENDPOINTS, status=201),
    RouteSpec("POST", _REVERT, revert_rules, WRITE_ENDPOINTS, status=201),
    RouteSpec("GET", _LOGIN, show_credential, READ_ENDPOINTS),
    RouteSpec("PUT", _LOGIN, put_credential, WRITE_ENDPOINTS),
    RouteSpec("DELETE", _LOGIN, delete_credential, WRITE_ENDPOINTS, status=204),
)
