"""The plugin's jobs."""

from __future__ import annotations

from nxforge_consumption_monitor.alerts import ALERT_JOB, watch
from nxforge_consumption_monitor.collect import (
    CLEANUP_JOB,
    COLLECT_JOB,
    POLL_JOB,
    RECOMPUTE_JOB,
    RUN_SECONDS,
    TICK_SECONDS,
    VERIFY_JOB,
    CleanupParams,
    Collector,
    CollectParams,
    RecomputeParams,
    VerifyParams,
    clean_up,
    recompute,
    verify_rollups,
)
from nxforge_consumption_monitor.fetch import Pages
from nxforge_consumption_monitor.report import REPORT_JOB, ReportParams, make_reports
from nxforge_consumption_monitor.webhooks import DELIVER_JOB, deliver
from nxforge_core.api import Cron, Every, JobSpec, NoParams, Retry

__all__ = ["jobs"]


def jobs() -> list[JobSpec]:
    """Make the jobs of one host: what its runs share is in their handlers."""
    return [*_polling(Pages()), *_upkeep(), *_telling()]


def _polling(pages: Pages) -> list[JobSpec]:
    return [
        JobSpec(
            name=COLLECT_JOB,
            title="Collect consumption",
            handler=Collector(pages).collect,
            params=CollectParams,
            trigger=Every(seconds=TICK_SECONDS),
            timeout=RUN_SECONDS,
            # Errors are the database's. The next attempt polls what the run has
            # leased; nobody else does before the leases expire.
            retry=Retry(attempts=3, backoff=2.0, backoff_max=20.0),
            # Leases keep rounds apart: a slow meter holds up no later round.
            overlap="allow",
            misfire="skip",
            keep_days=7,
        ),
        JobSpec(
            name=POLL_JOB,
            title="Poll endpoints now",
            handler=Collector(pages).collect,
            params=CollectParams,
            timeout=RUN_SECONDS,
            overlap="allow",
            keep_days=7,
        ),
    ]


def _upkeep() -> list[JobSpec]:
    return [
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
        JobSpec(
            name=VERIFY_JOB,
            title="Compare hours, days and months with the readings",
            handler=verify_rollups,
            params=VerifyParams,
            trigger=Cron("30 2 * * *"),
            timeout=3600.0,
            keep_days=365,
        ),
        JobSpec(
            name=RECOMPUTE_JOB,
            title="Compute history again",
            handler=recompute,
            params=RecomputeParams,
            timeout=3600.0,
            keep_days=365,
        ),
    ]


def _telling() -> list[JobSpec]:
    return [
        JobSpec(
            name=ALERT_JOB,
            title="Look for what needs attention",
            handler=watch,
            params=NoParams,
            trigger=Every(seconds=60),
            timeout=50.0,
            misfire="skip",
            keep_days=7,
        ),
        JobSpec(
            name=DELIVER_JOB,
            title="Deliver alerts to webhooks",
            handler=deliver,
            params=NoParams,
            trigger=Every(seconds=10),
            timeout=60.0,
            misfire="skip",
            keep_days=7,
        ),
        JobSpec(
            name=REPORT_JOB,
            title="Store the reports of the month that ended",
            handler=make_reports,
            params=ReportParams,
            # Every hour a month may end in the zone of some group.
            trigger=Cron("10 * * * *"),
            timeout=600.0,
            retry=Retry(attempts=2, backoff=60.0),
            keep_days=31,
        ),
    ]
