"""The plugin's HTTP interface."""

from __future__ import annotations

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
from ._table import ROUTES

__all__ = [
    "ROUTES",
    "archive_endpoint",
    "change_endpoint",
    "create_endpoint",
    "get_endpoint",
    "list_endpoints",
    "live",
    "monthly",
    "monthly_summary",
    "poll_endpoint",
    "readings",
    "replace_endpoint",
    "summary",
]
