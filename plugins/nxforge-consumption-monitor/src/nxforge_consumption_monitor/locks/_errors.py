"""Refusals about locks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from nxforge_core.api import ConflictError, UnknownItemError

__all__ = [
    "AdjustedMonthError",
    "LockedAlreadyError",
    "OpenMonthError",
    "UndecidedMonthError",
    "UnknownLockError",
]

_MOST: Final = 10


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {rest} more" if rest > 0 else "")


class UnknownLockError(UnknownItemError):
    """No lock has the id."""

    def __init__(self, lock_id: int) -> None:
        super().__init__(
            kind="lock", value=str(lock_id), remedy="GET /locks lists the ids"
        )


class LockedAlreadyError(ConflictError):
    """The month is locked."""

    code = "month_locked"

    def __init__(self, month: date, group: str) -> None:
        super().__init__(
            f"{month:%Y-%m} of {group or 'all endpoints'} is locked already",
            remedy="GET /locks shows by whom",
        )
        self.month = month


class OpenMonthError(ConflictError):
    """Figures of the month may still change by themselves."""

    code = "month_open"

    def __init__(self, month: date, names: Sequence[str]) -> None:
        super().__init__(
            f"{month:%Y-%m} is not complete: no reading after its end is known of "
            f"{_listed(names)}",
            remedy="wait for their next reading, type one in, or archive them",
        )
        self.month = month
        self.names = tuple(names)


class UndecidedMonthError(ConflictError):
    """Somebody should look at the month first."""

    code = "month_undecided"

    def __init__(
        self, month: date, events: Sequence[str], unknown: Sequence[str]
    ) -> None:
        parts = [
            f"events wait for a decision: {_listed(events)}" if events else "",
            f"nothing is known of {_listed(unknown)}" if unknown else "",
        ]
        super().__init__(
            f"{month:%Y-%m}: " + "; ".join(filter(None, parts)),
            remedy="confirm or dismiss the events and import what is missing, or give "
            "'force': true; what is found later becomes an adjustment",
        )
        self.month = month
        self.events = tuple(events)
        self.unknown = tuple(unknown)


class AdjustedMonthError(ConflictError):
    """What is wrong with the month was invoiced in another locked one."""

    code = "month_adjusted"

    def __init__(self, month: date, booked: Sequence[str]) -> None:
        super().__init__(
            f"corrections of {month:%Y-%m} are booked in locked months: "
            f"{_listed(booked)}",
            remedy="unlock those first, the latest one before the others",
        )
        self.month = month
        self.booked = tuple(booked)
