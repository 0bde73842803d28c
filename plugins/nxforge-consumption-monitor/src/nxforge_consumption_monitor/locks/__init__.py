"""Locked months: what was invoiced stays as it is."""

from __future__ import annotations

from ._errors import (
    AdjustedMonthError,
    LockedAlreadyError,
    OpenMonthError,
    UndecidedMonthError,
    UnknownLockError,
)
from ._lock import lock
from ._unlock import unlock
from ._views import LockBody, LockEntryView, LockView, entries, locks

__all__ = [
    "AdjustedMonthError",
    "LockBody",
    "LockEntryView",
    "LockView",
    "LockedAlreadyError",
    "OpenMonthError",
    "UndecidedMonthError",
    "UnknownLockError",
    "entries",
    "lock",
    "locks",
    "unlock",
]
