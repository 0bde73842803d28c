"""The course of a channel: one reading further, or all of it again."""

from __future__ import annotations

from ._course import Course, plan_of
from ._differences import Difference, differences
from ._limits import Metered, limits_of
from ._locks import Locks
from ._mend import events_of, mends_of, reason_of
from ._rehearse import rehearse
from ._restate import restate
from ._result import Adjustment, Restatement, RollupChange
from ._verify import Verification, verify

__all__ = [
    "Adjustment",
    "Course",
    "Difference",
    "Locks",
    "Metered",
    "Restatement",
    "RollupChange",
    "Verification",
    "differences",
    "events_of",
    "limits_of",
    "mends_of",
    "plan_of",
    "reason_of",
    "rehearse",
    "restate",
    "verify",
]
