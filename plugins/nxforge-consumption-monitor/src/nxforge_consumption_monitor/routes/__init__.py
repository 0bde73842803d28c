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
from ._rules import (
    add_rules,
    delete_credential,
    list_rules,
    put_credential,
    revert_rules,
    show_credential,
)
from ._series import series
from ._table import ROUTES
from ._templates import get_template, list_templates

__all__ = [
    "ROUTES",
    "add_rules",
    "archive_endpoint",
    "change_endpoint",
    "confirm_event",
    "create_alert_rule",
    "create_endpoint",
    "create_event",
    "create_group",
    "create_tariff",
    "delete_alert_rule",
    "delete_credential",
    "delete_group",
    "delete_tariff",
    "dismiss_event",
    "get_endpoint",
    "get_template",
    "group_month",
    "import_file",
    "list_alert_rules",
    "list_alerts",
    "list_endpoints",
    "list_events",
    "list_groups",
    "list_imports",
    "list_meters",
    "list_reports",
    "list_rules",
    "list_segments",
    "list_superseded",
    "list_tariffs",
    "list_templates",
    "live_route",
    "metrics",
    "monthly",
    "monthly_summary",
    "poll_endpoint",
    "put_credential",
    "readings",
    "replace_alert_rule",
    "replace_endpoint",
    "replace_group",
    "replace_tariff",
    "revert_rules",
    "series",
    "show_bill",
    "show_credential",
    "show_group",
    "show_import",
    "show_report",
    "show_tariff",
    "summary",
    "type_in_reading",
]
