"""Rounds of collection, and the retention of what they stored."""

from __future__ import annotations

from ._cleanup import CLEANUP_JOB, CleanupParams, CleanupResult, clean_up
from ._instant import Instant, instant_of
from ._judge import judge
from ._leases import LEASE_SECONDS, parts
from ._params import COLLECT_JOB, POLL_JOB, RUN_SECONDS, TICK_SECONDS, CollectParams
from ._pause import retry_at
from ._poll import Poll
from ._recompute import (
    RECOMPUTE_JOB,
    RecomputeParams,
    recompute,
    recompute_params,
)
from ._round import Collector
from ._values import device_time
from ._verify import VERIFY_JOB, VerifyParams, verify_rollups

__all__ = [
    "CLEANUP_JOB",
    "COLLECT_JOB",
    "LEASE_SECONDS",
    "POLL_JOB",
    "RECOMPUTE_JOB",
    "RUN_SECONDS",
    "TICK_SECONDS",
    "VERIFY_JOB",
    "CleanupParams",
    "CleanupResult",
    "CollectParams",
    "Collector",
    "Instant",
    "Poll",
    "RecomputeParams",
    "VerifyParams",
    "clean_up",
    "device_time",
    "instant_of",
    "judge",
    "parts",
    "recompute",
    "recompute_params",
    "retry_at",
    "verify_rollups",
]
