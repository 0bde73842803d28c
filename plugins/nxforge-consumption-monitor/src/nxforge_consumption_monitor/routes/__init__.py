"""The plugin's HTTP interface."""

from __future__ import annotations

from ._alerts import (
    create_alert_rule,
    delete_alert_rule,
    list_alert_rules,
    list_alerts,
    replace_alert_rule,
)
from ._endpoints import (
    archive_endpoint,
    change_endpoint,
    create_endpoint,
    get_endpoint,
    list_endpoints,
    poll_endpoint,
    replace_endpoint,
)
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
from ._live import live_route
from ._metrics import metrics
from ._readings import readings
from ._reports import (
    group_month,
    list_reports,
    monthly,
    monthly_summary,
    show_report,
    summary,
)
from ._series import series
from ._table import ROUTES
from ._templates import get_template, list_templates

__all__ = [
    "ROUTES",
    "archive_endpoint",
    "change_endpoint",
    "confirm_event",
    "create_alert_rule",
    "create_endpoint",
    "create_event",
    "delete_alert_rule",
    "dismiss_event",
    "get_endpoint",
    "get_template",
    "group_month",
    "import_file",
    "list_alert_rules",
    "list_alerts",
    "list_endpoints",
    "list_events",
    "list_imports",
    "list_meters",
    "list_reports",
    "list_segments",
    "list_superseded",
    "list_templates",
    "live_route",
    "metrics",
    "monthly",
    "monthly_summary",
    "poll_endpoint",
    "readings",
    "replace_alert_rule",
    "replace_endpoint",
    "series",
    "show_import",
    "show_report",
    "summary",
    "type_in_reading",
]
