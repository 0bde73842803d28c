"""Every route with what its caller needs."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.permissions import (
    READ_ENDPOINTS,
    READ_READINGS,
    WRITE_ENDPOINTS,
)
from nxforge_core.api import RouteSpec

from ._endpoints import (
    archive_endpoint,
    change_endpoint,
    create_endpoint,
    get_endpoint,
    list_endpoints,
    poll_endpoint,
    replace_endpoint,
)
from ._live import live
from ._readings import readings
from ._reports import monthly, monthly_summary, summary

__all__ = ["ROUTES"]

_ONE: Final = "/endpoints/{endpoint_id:str}"

ROUTES: Final = (
    RouteSpec("GET", "/live", live, READ_READINGS),
    RouteSpec("GET", "/readings", readings, READ_READINGS),
    RouteSpec("GET", "/summary", summary, READ_READINGS),
    RouteSpec("GET", "/monthly/{endpoint_id:str}", monthly, READ_READINGS),
    RouteSpec("GET", "/monthly-summary", monthly_summary, READ_READINGS),
    RouteSpec("GET", "/endpoints", list_endpoints, READ_ENDPOINTS),
    RouteSpec("POST", "/endpoints", create_endpoint, WRITE_ENDPOINTS, status=201),
    RouteSpec("GET", _ONE, get_endpoint, READ_ENDPOINTS),
    RouteSpec("PUT", _ONE, replace_endpoint, WRITE_ENDPOINTS),
    RouteSpec("PATCH", _ONE, change_endpoint, WRITE_ENDPOINTS),
    RouteSpec("DELETE", _ONE, archive_endpoint, WRITE_ENDPOINTS),
    RouteSpec("POST", f"{_ONE}/poll", poll_endpoint, WRITE_ENDPOINTS, status=202),
)
