"""Creating, changing, archiving and deleting endpoints."""

from __future__ import annotations

from ._bulk import BulkRejection, BulkView, CreatedRow, create_many
from ._bulk_rows import BulkTextError
from ._check import (
    check_auth,
    check_destination,
    check_id,
    check_request,
    check_url,
    check_zone,
)
from ._edits import EndpointEdit, difference, edits
from ._export import as_csv, as_json
from ._failure import failure, failure_screenshot
from ._manage import change, create, list_all, remove, show
from ._phase import phase_of
from ._rules import (
    RuleBody,
    RuleVersionView,
    UnknownRuleVersionError,
    add_rules,
    revert_rules,
    rule_versions,
)
from ._view import view_of

__all__ = [
    "BulkRejection",
    "BulkTextError",
    "BulkView",
    "CreatedRow",
    "EndpointEdit",
    "RuleBody",
    "RuleVersionView",
    "UnknownRuleVersionError",
    "add_rules",
    "as_csv",
    "as_json",
    "change",
    "check_auth",
    "check_destination",
    "check_id",
    "check_request",
    "check_url",
    "check_zone",
    "create",
    "create_many",
    "difference",
    "edits",
    "failure",
    "failure_screenshot",
    "list_all",
    "phase_of",
    "remove",
    "revert_rules",
    "rule_versions",
    "show",
    "view_of",
]
