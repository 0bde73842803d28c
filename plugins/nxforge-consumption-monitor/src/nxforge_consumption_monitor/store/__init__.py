"""Everything the plugin asks its database, by named statements."""

from __future__ import annotations

from ._endpoints import (
    EndpointRow,
    StoredEndpoint,
    archive_endpoint,
    forget_credential,
    insert_credential,
    insert_endpoint,
    insert_rule,
    list_endpoints,
    lock_endpoint,
    release_channel,
    update_endpoint,
)
from ._errors import DuplicateNameError
from ._leases import give_back, hold_leases, lease_due, renew_leases
from ._readings import (
    ReadingsFilter,
    RowKey,
    StoredReading,
    count_readings,
    readings,
)
from ._reports import (
    Bounds,
    HealthFigures,
    LiveChannel,
    Neighbours,
    PeriodFigures,
    ReportedEndpoint,
    health_figures,
    live_channels,
    neighbours,
    period_figures,
    reported_endpoints,
)
from ._rounds import (
    delete_attempts_before,
    delete_readings_before,
    due_endpoints,
    prepare_months,
    store_round,
)
from ._statements import SQL

__all__ = [
    "SQL",
    "Bounds",
    "DuplicateNameError",
    "EndpointRow",
    "HealthFigures",
    "LiveChannel",
    "Neighbours",
    "PeriodFigures",
    "ReadingsFilter",
    "ReportedEndpoint",
    "RowKey",
    "StoredEndpoint",
    "StoredReading",
    "archive_endpoint",
    "count_readings",
    "delete_attempts_before",
    "delete_readings_before",
    "due_endpoints",
    "forget_credential",
    "give_back",
    "health_figures",
    "hold_leases",
    "insert_credential",
    "insert_endpoint",
    "insert_rule",
    "lease_due",
    "list_endpoints",
    "live_channels",
    "lock_endpoint",
    "neighbours",
    "period_figures",
    "prepare_months",
    "readings",
    "release_channel",
    "renew_leases",
    "reported_endpoints",
    "store_round",
    "update_endpoint",
]
