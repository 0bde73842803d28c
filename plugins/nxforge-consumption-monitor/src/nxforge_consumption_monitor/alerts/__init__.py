"""What needs somebody's attention: measured, waited for, told once."""

from __future__ import annotations

from ._episode import Change, Episode, Patience, advance
from ._manage import add_rule, alerts, remove_rule, replace_rule, rules
from ._measure import is_breached, measure
from ._watch import ALERT_JOB, WatchResult, watch

__all__ = [
    "ALERT_JOB",
    "Change",
    "Episode",
    "Patience",
    "WatchResult",
    "add_rule",
    "advance",
    "alerts",
    "is_breached",
    "measure",
    "remove_rule",
    "replace_rule",
    "rules",
    "watch",
]
