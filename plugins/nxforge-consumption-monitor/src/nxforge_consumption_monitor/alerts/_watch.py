"""The job that compares every endpoint with every rule."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.alerting import (
    alert_rules,
    drop_alerts,
    hushed_alerts,
    keep_alerts,
    mark_watch,
    open_alerts,
    watched_endpoints,
)
from nxforge_consumption_monitor.webhooks import Notice, queue_notices
from nxforge_core.api import Connection, JobContext, Model, NoParams

from ._compare import Comparison, applies
from ._notice import notice_of, publish, tell_people
from ._scene import Scene

__all__ = ["ALERT_JOB", "WatchResult", "watch"]

ALERT_JOB: Final = "watch-endpoints"

#: Seconds between two runs after which nobody is blamed for the silence in between.
_PAUSE: Final = 300.0

_Context = JobContext[MonitorSettings]


class WatchResult(Model):
    """What changed.

    Attributes:
        failed: Rules that cannot be compared with an endpoint.
    """

    success: bool
    fired: int
    resolved: int
    repeated: int
    failed: int


async def watch(ctx: _Context, _: NoParams) -> WatchResult:
    """Compare, and store what changed with what webhooks have to deliver of it.

    Both is one transaction: who is killed after it has lost no message, and who is
    killed before it has changed nothing, so that the next run finds the same.
    """
    now = ctx.clock.now()
    async with ctx.transaction() as connection:
        found = await _compared(connection, now)
        notices = await _stored(connection, found, now)
    # Not before it is stored: a run that fails has told nobody anything.
    await publish(ctx, notices)
    await tell_people(ctx, notices)
    for notice in notices:
        ctx.log.warning("alert", change=notice.event, message=notice.data["message"])
    counts = Counter(change for change, _ in found.told)
    return WatchResult(
        success=True,
        fired=counts["fired"],
        resolved=counts["resolved"],
        repeated=counts["repeated"],
        failed=counts["failed"],
    )


async def _compared(connection: Connection, now: datetime) -> Comparison:
    rules = await alert_rules(connection, watched=True)
    resumed_at = await mark_watch(connection, now, _PAUSE)
    endpoints = await watched_endpoints(connection, now)
    found = Comparison(
        Scene(now, resumed_at, endpoints),
        await open_alerts(connection),
        await hushed_alerts(connection, now),
    )
    for endpoint in endpoints:
        for rule in rules:
            if applies(rule, endpoint):
                found.compare(rule, endpoint)
        # Many endpoints take a while: the loop gets to other work in between.
        await asyncio.sleep(0)
    found.close_orphans()
    return found


async def _stored(
    connection: Connection, found: Comparison, now: datetime
) -> list[Notice]:
    await drop_alerts(connection, found.gone)
    ids = await keep_alerts(connection, found.rows, now)
    notices = [
        notice_of(replace(alert, id=ids[alert.rule_id, alert.endpoint_id]), change, now)
        for change, alert in found.told
    ]
    await queue_notices(connection, notices, now)
    return notices
