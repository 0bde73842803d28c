"""Rules of alerts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.models import AlertKind, AlertRuleBody, Severity
from nxforge_consumption_monitor.store._statements import SQL
from nxforge_core.api import Connection

__all__ = [
    "AlertRule",
    "alert_rules",
    "delete_alert_rule",
    "group_exists",
    "hold_alert_rules",
    "insert_alert_rule",
    "update_alert_rule",
]


class AlertRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule."""

    id: int
    kind: AlertKind
    endpoint_id: str | None
    group_id: str | None
    threshold: Decimal
    for_s: int
    keep_s: int
    severity: Severity
    enabled: bool
    updated_at: datetime


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
) -> None:
    """Replace a rule."""
    await connection.execute(SQL.update_alert_rule, rule_id, *_values(body))


async def delete_alert_rule(connection: Connection, rule_id: int) -> None:
    """Delete a rule and its alerts."""
    await connection.execute(SQL.delete_alert_rule, rule_id)


async def hold_alert_rules(connection: Connection) -> None:
    """Hold other writers of rules off until the transaction ends."""
    await connection.execute(SQL.hold_alert_rules)


async def group_exists(connection: Connection, group_id: str) -> bool:
    """Whether there is such a group."""
    return bool(await connection.fetchval(SQL.group_exists, group_id))


def _values(body: AlertRuleBody) -> tuple[object, ...]:
    return (
        body.kind,
        body.endpoint_id,
        body.group_id,
        body.threshold,
        body.for_s,
        body.keep_s,
        body.severity,
        body.enabled,
    )
