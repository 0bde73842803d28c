"""What the stored registers say about now, a period, a month."""

from __future__ import annotations

from ._live import live, live_endpoints
from ._monthly import monthly, monthly_summary
from ._query import ReadingsQuery, decode_query, encode_cursor
from ._readings import readings_page
from ._summary import summary

__all__ = [
    "ReadingsQuery",
    "decode_query",
    "encode_cursor",
    "live",
    "live_endpoints",
    "monthly",
    "monthly_summary",
    "readings_page",
    "summary",
]
