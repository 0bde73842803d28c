"""Rounds of collection, and the retention of what they stored."""

from __future__ import annotations

from ._cleanup import CLEANUP_JOB, CleanupParams, CleanupResult, clean_up
from ._leases import parts
from ._params import COLLECT_JOB, POLL_JOB, RUN_SECONDS, CollectParams
from ._pause import retry_at
from ._round import Collector

__all__ = [
    "CLEANUP_JOB",
    "COLLECT_JOB",
    "POLL_JOB",
    "RUN_SECONDS",
    "CleanupParams",
    "CleanupResult",
    "CollectParams",
    "Collector",
    "clean_up",
    "parts",
    "retry_at",
]
