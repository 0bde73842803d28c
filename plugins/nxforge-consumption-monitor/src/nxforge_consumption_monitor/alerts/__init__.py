"""What needs somebody's attention: measured, waited for, told once."""

from __future__ import annotations

from ._browse import acknowledge, alert, alerts, summary, unacknowledge
from ._compare import Comparison, applies
from ._episode import Change, Episode, Hush, Patience, Sign, advance
from ._kinds import KINDS, Kind, check_threshold, is_breached
from ._manage import add_rule, remove_rule, replace_rule, rules, show_rule
from ._measure import measure
from ._notice import EVENT_OF, notice_of
from ._query import AlertsQuery
from ._scene import Scene, Unknown, allowed_silence
from ._texts import Facts, Words, words_of
from ._watch import ALERT_JOB, WatchResult, watch

__all__ = [
    "ALERT_JOB",
    "EVENT_OF",
    "KINDS",
    "AlertsQuery",
    "Change",
    "Comparison",
    "Episode",
    "Facts",
    "Hush",
    "Kind",
    "Patience",
    "Scene",
    "Sign",
    "Unknown",
    "WatchResult",
    "Words",
    "acknowledge",
    "add_rule",
    "advance",
    "alert",
    "alerts",
    "allowed_silence",
    "applies",
    "check_threshold",
    "is_breached",
    "measure",
    "notice_of",
    "remove_rule",
    "replace_rule",
    "rules",
    "show_rule",
    "summary",
    "unacknowledge",
    "watch",
    "words_of",
]
