"""Rounds of collection, and the retention of what they stored."""

from __future__ import annotations

from ._cleanup import CLEANUP_JOB, CleanupParams, CleanupResult, clean_up
from ._params import COLLECT_JOB, POLL_JOB, CollectParams
from ._pause import retry_at
from ._round import collect

__all__ = [
    "CLEANUP_JOB",
    "COLLECT_JOB",
    "POLL_JOB",
    "CleanupParams",
    "CleanupResult",
    "CollectParams",
    "clean_up",
    "collect",
    "retry_at",
]
