"""Creating, changing, archiving and deleting endpoints."""

from __future__ import annotations

from ._check import (
    check_auth,
    check_destination,
    check_id,
    check_request,
    check_url,
    check_zone,
)
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
    "RuleBody",
    "RuleVersionView",
    "UnknownRuleVersionError",
    "add_rules",
    "change",
    "check_auth",
    "check_destination",
    "check_id",
    "check_request",
    "check_url",
    "check_zone",
    "create",
    "list_all",
    "phase_of",
    "remove",
    "revert_rules",
    "rule_versions",
    "show",
    "view_of",
]
