"""A trigger in words, for lists and pages."""

from __future__ import annotations

from typing import Final, assert_never

from nxforge_core.api import Cron, Every, Manual, Trigger

__all__ = ["trigger_words"]

_UNITS: Final = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def trigger_words(trigger: Trigger) -> str:
    """Say when a job runs: `every 15 minutes`, `cron 0 3 * * * (UTC)`, `on demand`."""
    match trigger:
        case Manual():
            return "on demand"
        case Every():
            return _every(trigger.period)
        case Cron():
            return f"cron {trigger.text} ({trigger.zone})"
        case _:
            assert_never(trigger)


def _every(period: int) -> str:
    for unit, seconds in _UNITS:
        if period % seconds == 0 and period >= seconds:
            count = period // seconds
            return f"every {unit}" if count == 1 else f"every {count} {unit}s"
    return f"every {period} seconds"
