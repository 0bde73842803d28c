"""The plugin's HTTP interface."""

from __future__ import annotations

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
from ._bulk import create_endpoints, export_endpoints
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
from ._failure import endpoint_failure, failure_screenshot
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
from ._live import live_route
from ._locks import create_lock, delete_lock, list_lock_entries, list_locks, recompute
from ._marks import exclude_readings, list_marks, restore_readings
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
from ._rules import (
    add_rules,
    delete_credential,
    list_rules,
    put_credential,
    revert_rules,
    show_credential,
)
from ._series import series, series_csv
from ._stream import stream
from ._table import ROUTES
from ._templates import get_template, list_templates
from ._trials import trial_route
from ._webhooks import (
    change_webhook,
    create_webhook,
    delete_webhook,
    get_webhook,
    list_deliveries,
    list_webhooks,
    try_webhook,
)

__all__ = [
    "ROUTES",
    "acknowledge_alert",
    "add_rules",
    "alert_summary",
    "archive_endpoint",
    "change_endpoint",
    "change_webhook",
    "confirm_event",
    "create_alert_rule",
    "create_endpoint",
    "create_endpoints",
    "create_event",
    "create_group",
    "create_lock",
    "create_tariff",
    "create_webhook",
    "delete_alert_rule",
    "delete_credential",
    "delete_group",
    "delete_lock",
    "delete_tariff",
    "delete_webhook",
    "dismiss_event",
    "endpoint_failure",
    "exclude_readings",
    "export_endpoints",
    "failure_screenshot",
    "get_alert",
    "get_alert_rule",
    "get_endpoint",
    "get_template",
    "get_webhook",
    "group_month",
    "import_file",
    "list_alert_rules",
    "list_alerts",
    "list_deliveries",
    "list_endpoints",
    "list_events",
    "list_groups",
    "list_imports",
    "list_lock_entries",
    "list_locks",
    "list_marks",
    "list_meters",
    "list_reports",
    "list_rules",
    "list_segments",
    "list_superseded",
    "list_tariffs",
    "list_templates",
    "list_webhooks",
    "live_route",
    "metrics",
    "monthly",
    "monthly_summary",
    "poll_endpoint",
    "put_credential",
    "quality",
    "quality_csv",
    "readings",
    "readings_csv",
    "recompute",
    "replace_alert_rule",
    "replace_endpoint",
    "replace_group",
    "replace_tariff",
    "restore_readings",
    "revert_rules",
    "series",
    "series_csv",
    "show_bill",
    "show_credential",
    "show_group",
    "show_import",
    "show_report",
    "show_tariff",
    "stream",
    "summary",
    "trial_route",
    "try_webhook",
    "type_in_reading",
    "unacknowledge_alert",
]
