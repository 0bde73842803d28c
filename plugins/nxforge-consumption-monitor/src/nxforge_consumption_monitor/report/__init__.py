"""What the stored registers say about now, a period, a month."""

from __future__ import annotations

from ._asked_period import decode_compare
from ._bars import bars
from ._changes import LiveNow, live_changes
from ._group import (
    EVERY_ENDPOINT,
    as_locked,
    canonical_month,
    group_cost,
    group_month,
    members_in,
    month_of_group,
    site_cost,
)
from ._kept import Kept, KeptLive
from ._live import live, live_endpoints
from ._metrics import OPEN_METRICS, open_metrics
from ._monthly import canonical, monthly, monthly_summary
from ._notes import feed_of
from ._query import ReadingsQuery, decode_query, encode_cursor
from ._readings import readings_page
from ._stored import (
    REPORT_JOB,
    ReportParams,
    ReportResult,
    list_reports,
    make_reports,
    show_report,
)
from ._summary import SummaryQuery, summary
from ._which_month import parse_month

__all__ = [
    "EVERY_ENDPOINT",
    "OPEN_METRICS",
    "REPORT_JOB",
    "Kept",
    "KeptLive",
    "LiveNow",
    "ReadingsQuery",
    "ReportParams",
    "ReportResult",
    "SummaryQuery",
    "as_locked",
    "bars",
    "canonical",
    "canonical_month",
    "decode_compare",
    "decode_query",
    "encode_cursor",
    "feed_of",
    "group_cost",
    "group_month",
    "list_reports",
    "live",
    "live_changes",
    "live_endpoints",
    "make_reports",
    "members_in",
    "month_of_group",
    "monthly",
    "monthly_summary",
    "open_metrics",
    "parse_month",
    "readings_page",
    "show_report",
    "site_cost",
    "summary",
]
