"""The plugin's jobs."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.collect import (
    CLEANUP_JOB,
    COLLECT_JOB,
    POLL_JOB,
    CleanupParams,
    CollectParams,
    clean_up,
    collect,
)
from nxforge_core.api import Cron, Every, JobSpec, Retry

__all__ = ["JOBS"]

JOBS: Final = (
    JobSpec(
        name=COLLECT_JOB,
        title="Collect consumption",
        handler=collect,
        params=CollectParams,
        # A tick, not an interval of polling: each endpoint has its own due times.
        trigger=Every(seconds=5),
        timeout=180.0,
        misfire="skip",
        keep_days=7,
    ),
    JobSpec(
        name=POLL_JOB,
        title="Poll endpoints now",
        handler=collect,
        params=CollectParams,
        timeout=180.0,
        overlap="allow",
        keep_days=7,
    ),
    JobSpec(
        name=CLEANUP_JOB,
        title="Delete old readings",
        handler=clean_up,
        params=CleanupParams,
        trigger=Cron("0 3 * * 0"),
        timeout=600.0,
        retry=Retry(attempts=1, backoff=60.0),
        keep_days=365,
    ),
)
