"""The job that compares every endpoint with every rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import (
    AlertRow,
    AlertRule,
    OpenAlert,
    WatchedEndpoint,
    alert_rules,
    drop_pending_alerts,
    keep_alerts,
    open_alerts,
    resolve_orphans,
    watched_endpoints,
)
from nxforge_core.api import JobContext, Model, NoParams

from ._episode import Change, Episode, Patience, advance
from ._measure import is_breached, measure

__all__ = ["ALERT_JOB", "WatchResult", "watch"]

ALERT_JOB: Final = "watch-endpoints"


class WatchResult(Model):
    """What changed."""

    success: bool
    fired: int
    resolved: int
    repeated: int


async def watch(ctx: JobContext[MonitorSettings], _: NoParams) -> WatchResult:
    """Compare, and store what changed; what fires or ends is in the log too."""
    now = ctx.clock.now()
    rules = await alert_rules(ctx.db, watched=True)
    endpoints = await watched_endpoints(ctx.db, now)
    found = _Comparison(now, await open_alerts(ctx.db))
    for endpoint in endpoints:
        for rule in rules:
            if rule.endpoint_id in {None, endpoint.id}:
                found.compare(rule, endpoint)
    async with ctx.transaction() as connection:
        await resolve_orphans(connection, now)
        await drop_pending_alerts(connection, found.gone)
        await keep_alerts(connection, found.rows, now)
    for change, rule, endpoint in found.told:
        ctx.log.warning("alert", change=change, endpoint=endpoint.name, kind=rule.kind)
    counts = Counter(change for change, _, _ in found.told)
    return WatchResult(
        success=True,
        fired=counts["fired"],
        resolved=counts["resolved"],
        repeated=counts["repeated"],
    )


class _Comparison:
    """What became of the alerts of one run."""

    def __init__(self, now: datetime, known: Sequence[OpenAlert]) -> None:
        self._now = now
        self._known = {(each.rule_id, each.endpoint_id): each for each in known}
        self.rows: list[AlertRow] = []
        self.gone: list[tuple[int, str]] = []
        self.told: list[tuple[Change, AlertRule, WatchedEndpoint]] = []

    def compare(self, rule: AlertRule, endpoint: WatchedEndpoint) -> None:
        before = self._episode(rule, endpoint)
        value = measure(rule.kind, endpoint, self._now)
        if value is None:
            return
        firing = before is not None and before.state == "firing"
        after, change = advance(
            before,
            self._now,
            Patience(timedelta(seconds=rule.for_s), timedelta(seconds=rule.keep_s)),
            breached=is_breached(value, rule.threshold, firing=firing),
        )
        if change is not None:
            self.told.append((change, rule, endpoint))
        if after is not None:
            self.rows.append(
                AlertRow(
                    rule_id=rule.id,
                    endpoint_id=endpoint.id,
                    state=after.state,
                    value=value,
                    began_at=after.began_at,
                    cleared_at=after.cleared_at,
                    told_at=after.told_at,
                )
            )
        elif before is not None:
            self.gone.append((rule.id, endpoint.id))

    def _episode(self, rule: AlertRule, endpoint: WatchedEndpoint) -> Episode | None:
        known = self._known.get((rule.id, endpoint.id))
        if known is None:
            return None
        return Episode(known.state, known.began_at, known.cleared_at, known.told_at)
