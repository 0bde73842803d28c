"""Every route with what its caller needs."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.permissions import (
    MANAGE_WEBHOOKS,
    READ_ENDPOINTS,
    READ_READINGS,
    WRITE_ENDPOINTS,
)
from nxforge_core.api import RouteSpec

from ._alerts import (
    acknowledge_alert,
    alert_summary,
    create_alert_rule,
    delete_alert_rule,
    get_alert,
    get_alert_rule,
    list_alert_rules,
    list_alerts,
    replace_alert_rule,
    unacknowledge_alert,
)
from ._books import BOOK_ROUTES
from ._endpoints import (
    archive_endpoint,
    change_endpoint,
    create_endpoint,
    get_endpoint,
    list_endpoints,
    poll_endpoint,
    replace_endpoint,
)
from ._failure import FAILURE_ROUTES
from ._files import FILE_ROUTES
from ._metrics import metrics
from ._quality import quality, quality_csv
from ._readings import readings, readings_csv
from ._reports import (
    group_month,
    list_reports,
    monthly,
    monthly_summary,
    show_report,
    summary,
)
from ._series import series, series_csv
from ._stream import stream
from ._templates import get_template, list_templates
from ._webhooks import (
    change_webhook,
    create_webhook,
    delete_webhook,
    get_webhook,
    list_deliveries,
    list_webhooks,
    try_webhook,
)

__all__ = ["ROUTES"]

_RULE: Final = "/alerts/rules/{rule_id:int}"
_KNOWN: Final = "/alerts/{alert_id:int}/acknowledge"
_WEBHOOK: Final = "/webhooks/{webhook_id:str}"
_ONE: Final = "/endpoints/{endpoint_id:str}"

ROUTES: Final = (
    RouteSpec("GET", "/readings", readings, READ_READINGS),
    RouteSpec("GET", "/readings.csv", readings_csv, READ_READINGS),
    RouteSpec("GET", "/stream", stream, READ_READINGS),
    RouteSpec("GET", "/series", series, READ_READINGS),
    RouteSpec("GET", "/series.csv", series_csv, READ_READINGS),
    RouteSpec("GET", "/quality", quality, READ_READINGS),
    RouteSpec("GET", "/quality.csv", quality_csv, READ_READINGS),
    *FILE_ROUTES,
    RouteSpec("GET", "/summary", summary, READ_READINGS),
    RouteSpec("GET", "/monthly/{endpoint_id:str}", monthly, READ_READINGS),
    RouteSpec("GET", "/alerts", list_alerts, READ_READINGS),
    RouteSpec("GET", "/alerts/summary", alert_summary, READ_READINGS),
    RouteSpec("GET", "/alerts/{alert_id:int}", get_alert, READ_READINGS),
    RouteSpec("POST", _KNOWN, acknowledge_alert, WRITE_ENDPOINTS),
    RouteSpec("DELETE", _KNOWN, unacknowledge_alert, WRITE_ENDPOINTS),
    RouteSpec("GET", "/alerts/rules", list_alert_rules, READ_READINGS),
    RouteSpec("POST", "/alerts/rules", create_alert_rule, WRITE_ENDPOINTS, status=201),
    RouteSpec("GET", _RULE, get_alert_rule, READ_READINGS),
    RouteSpec("PUT", _RULE, replace_alert_rule, WRITE_ENDPOINTS),
    RouteSpec("DELETE", _RULE, delete_alert_rule, WRITE_ENDPOINTS, status=204),
    RouteSpec("GET", "/webhooks", list_webhooks, MANAGE_WEBHOOKS),
    RouteSpec("POST", "/webhooks", create_webhook, MANAGE_WEBHOOKS, status=201),
    RouteSpec("GET", _WEBHOOK, get_webhook, MANAGE_WEBHOOKS),
    RouteSpec("PATCH", _WEBHOOK, change_webhook, MANAGE_WEBHOOKS),
    RouteSpec("DELETE", _WEBHOOK, delete_webhook, MANAGE_WEBHOOKS, status=204),
    RouteSpec("GET", f"{_WEBHOOK}/deliveries", list_deliveries, MANAGE_WEBHOOKS),
    RouteSpec("POST", f"{_WEBHOOK}/test", try_webhook, MANAGE_WEBHOOKS, status=202),
    RouteSpec("GET", "/metrics", metrics, READ_READINGS),
    RouteSpec("GET", "/reports", list_reports, READ_READINGS),
    RouteSpec("GET", "/reports/{report_id:int}", show_report, READ_READINGS),
    RouteSpec("GET", "/reports/group/{group_id:str}", group_month, READ_READINGS),
    RouteSpec("GET", "/monthly-summary", monthly_summary, READ_READINGS),
    RouteSpec("GET", "/endpoints", list_endpoints, READ_ENDPOINTS),
    RouteSpec("POST", "/endpoints", create_endpoint, WRITE_ENDPOINTS, status=201),
    RouteSpec("GET", _ONE, get_endpoint, READ_ENDPOINTS),
    RouteSpec("PUT", _ONE, replace_endpoint, WRITE_ENDPOINTS),
    RouteSpec("PATCH", _ONE, change_endpoint, WRITE_ENDPOINTS),
    RouteSpec("DELETE", _ONE, archive_endpoint, WRITE_ENDPOINTS),
    RouteSpec("GET", "/templates", list_templates, READ_ENDPOINTS),
    RouteSpec("GET", "/templates/{template_id:str}", get_template, READ_ENDPOINTS),
    RouteSpec("POST", f"{_ONE}/poll", poll_endpoint, WRITE_ENDPOINTS, status=202),
    *BOOK_ROUTES,
    *FAILURE_ROUTES,
)
