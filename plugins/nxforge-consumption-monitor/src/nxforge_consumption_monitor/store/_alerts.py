"""Rules, what they are compared with, and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.models import (
    AlertKind,
    AlertRuleBody,
    AlertState,
    AlertView,
    Severity,
)
from nxforge_core.api import Connection

from ._statements import SQL, as_json

__all__ = [
    "AlertRow",
    "AlertRule",
    "OpenAlert",
    "WatchedEndpoint",
    "alert_rules",
    "delete_alert_rule",
    "drop_pending_alerts",
    "insert_alert_rule",
    "keep_alerts",
    "list_alerts",
    "open_alerts",
    "resolve_orphans",
    "update_alert_rule",
    "watched_endpoints",
]


class AlertRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule."""

    id: int
    kind: AlertKind
    endpoint_id: str | None
    threshold: Decimal
    for_s: int
    keep_s: int
    severity: Severity
    enabled: bool


class WatchedEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an endpoint now; its month's figures are of this month."""

    id: str
    name: str
    interval_s: int
    breaker_a: Decimal | None
    seen_at: datetime
    power_kw: Decimal | None
    current_a: Decimal | None
    outcome: str | None
    auth_failures: int
    clock_skewed: bool
    month_kwh: Decimal | None
    estimated_kwh: Decimal | None
    peak_kw: Decimal | None
    proposed: int


class OpenAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that has not ended."""

    rule_id: int
    endpoint_id: str
    state: AlertState
    began_at: datetime
    cleared_at: datetime | None
    told_at: datetime | None


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """How an alert stands."""

    rule_id: int
    endpoint_id: str
    state: AlertState
    value: Decimal
    began_at: datetime
    cleared_at: datetime | None
    told_at: datetime | None


async def alert_rules(
    connection: Connection, *, watched: bool = False
) -> list[AlertRule]:
    """All rules, or those that are watched."""
    return await connection.structs(AlertRule, SQL.alert_rules, watched)


async def insert_alert_rule(connection: Connection, body: AlertRuleBody) -> int:
    """Store a rule; answers its id."""
    return int(await connection.fetchval(SQL.insert_alert_rule, *_values(body)))


async def update_alert_rule(
    connection: Connection, rule_id: int, body: AlertRuleBody
) -> bool:
    """Replace a rule; answers whether there is one."""
    values = _values(body)
    return (
        await connection.fetchval(SQL.update_alert_rule, rule_id, *values) is not None
    )


async def delete_alert_rule(connection: Connection, rule_id: int) -> bool:
    """Delete a rule and its alerts; answers whether there was one."""
    return await connection.fetchval(SQL.delete_alert_rule, rule_id) is not None


async def watched_endpoints(
    connection: Connection, now: datetime
) -> list[WatchedEndpoint]:
    """Every enabled endpoint."""
    return await connection.structs(WatchedEndpoint, SQL.watched_endpoints, now)


async def open_alerts(connection: Connection) -> list[OpenAlert]:
    """Every alert that has not ended."""
    return await connection.structs(OpenAlert, SQL.open_alerts)


async def keep_alerts(
    connection: Connection, rows: Sequence[AlertRow], now: datetime
) -> None:
    """Store how alerts stand."""
    await connection.execute(SQL.keep_alerts, as_json(rows), now)


async def drop_pending_alerts(
    connection: Connection, pairs: Sequence[tuple[int, str]]
) -> None:
    """Forget what never fired: by rule and endpoint."""
    rules, endpoints = [rule for rule, _ in pairs], [who for _, who in pairs]
    await connection.execute(SQL.drop_pending_alerts, rules, endpoints)


async def resolve_orphans(connection: Connection, now: datetime) -> None:
    """End alerts that nobody watches any more."""
    await connection.execute(SQL.resolve_orphans, now)


async def list_alerts(
    connection: Connection, state: str | None, endpoint_id: str | None, limit: int
) -> list[AlertView]:
    """The newest alerts."""
    return await connection.structs(
        AlertView, SQL.list_alerts, state, endpoint_id, limit
    )


def _values(body: AlertRuleBody) -> tuple[object, ...]:
    return (
        body.kind,
        body.endpoint_id,
        body.threshold,
        body.for_s,
        body.keep_s,
        body.severity,
        body.enabled,
    )
