"""Retention, and the partitions of the coming months."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from msgspec import Meta

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    delete_attempts_before,
    delete_hours_before,
    delete_readings_before,
    prepare_months,
)
from nxforge_consumption_monitor.store.alerting import (
    delete_alerts_before,
    delete_deliveries_before,
)
from nxforge_consumption_monitor.store.books import delete_superseded_before
from nxforge_core.api import Body, JobContext, Model

__all__ = ["CLEANUP_JOB", "CleanupParams", "CleanupResult", "clean_up"]

CLEANUP_JOB = "cleanup-readings"
#: So long the log of a webhook says what became of an event.
_DELIVERY_DAYS: Final = 30


class CleanupParams(Body):
    """Parameters of a clean-up.

    Attributes:
        retention_days: Older readings and attempts go; null: as the settings say.
    """

    retention_days: Annotated[int, Meta(ge=1)] | None = None


class CleanupResult(Model):
    """What a clean-up did; the original's members, and the new ones beside them."""

    success: bool
    deleted_count: int
    message: str
    deleted_attempts: int
    deleted_hours: int
    deleted_superseded: int
    deleted_alerts: int
    deleted_deliveries: int
    prepared_months: int


async def clean_up(
    ctx: JobContext[MonitorSettings], params: CleanupParams
) -> CleanupResult:
    """Delete what is older than its retention; make the coming months' partitions."""
    days = params.retention_days or ctx.settings.retention_days
    now = ctx.clock.now()

    def before(age: int) -> datetime:
        return now - timedelta(days=age)

    settings = ctx.settings
    async with ctx.transaction() as connection:
        readings = await delete_readings_before(connection, before(days))
        superseded = await delete_superseded_before(connection, before(days))
        attempts = await delete_attempts_before(
            connection, before(params.retention_days or settings.attempt_retention_days)
        )
        hours = await delete_hours_before(
            connection, before(settings.hour_retention_days)
        )
        alerts = await delete_alerts_before(connection, before(settings.retention_days))
        deliveries = await delete_deliveries_before(connection, before(_DELIVERY_DAYS))
        months = await prepare_months(connection, now)
    return CleanupResult(
        success=True,
        deleted_count=readings,
        message=f"{readings} readings older than {days} days deleted",
        deleted_attempts=attempts,
        deleted_hours=hours,
        deleted_superseded=superseded,
        deleted_alerts=alerts,
        deleted_deliveries=deliveries,
        prepared_months=months,
    )
