"""Alerts: how they stand, and who knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.models import (
    AlertKind,
    AlertState,
    Severity,
    UnknownState,
)
from nxforge_consumption_monitor.store._statements import SQL, as_json
from nxforge_core.api import Connection

__all__ = [
    "AlertFilter",
    "AlertRow",
    "HushedAlert",
    "OpenAlert",
    "StoredAlert",
    "StoredSummary",
    "acknowledge_alert",
    "delete_alerts_before",
    "drop_alerts",
    "forget_acknowledgement",
    "hushed_alerts",
    "keep_alerts",
    "list_alerts",
    "open_alerts",
    "summarize_alerts",
]


class OpenAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that has not ended, with its rule as that is now."""

    id: int
    rule_id: int
    kind: AlertKind
    severity: Severity
    threshold: Decimal
    endpoint_id: str
    endpoint_name: str
    group_id: str | None
    external_ref: str | None
    state: AlertState
    unknown: UnknownState | None
    value: Decimal | None
    detail: str
    began_at: datetime
    cleared_at: datetime | None
    told_at: datetime | None
    told: int


class HushedAlert(msgspec.Struct, frozen=True, kw_only=True):
    """A rule and an endpoint that somebody knows of."""

    rule_id: int
    endpoint_id: str
    is_silent: bool


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """How an alert stands."""

    rule_id: int
    endpoint_id: str
    state: AlertState
    unknown: UnknownState | None
    value: Decimal | None
    detail: str
    began_at: datetime
    cleared_at: datetime | None
    told_at: datetime | None
    told: int


class AlertFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of alerts is of.

    Attributes:
        before: The last id of the page before.
        alert_id: Only this one.
    """

    state: AlertState | None = None
    endpoint_id: str | None = None
    group_id: str | None = None
    kind: AlertKind | None = None
    severity: Severity | None = None
    low: datetime | None = None
    high: datetime | None = None
    before: int | None = None
    limit: int = 1
    alert_id: int | None = None


class StoredAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as it is stored, with its rule and its endpoint."""

    id: int
    rule_id: int
    kind: AlertKind
    severity: Severity
    endpoint_id: str
    endpoint_name: str
    state: AlertState
    unknown: UnknownState | None
    value: Decimal | None
    threshold: Decimal
    detail: str
    began_at: datetime
    fired_at: datetime | None
    resolved_at: datetime | None
    told: int
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    acknowledged_until: datetime | None
    note: str


class StoredSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How many alerts are in which state."""

    pending: int
    firing: int
    no_data: int
    error: int
    info: int
    warning: int
    critical: int
    acknowledged: int
    endpoints_watched: int
    endpoints_normal: int
    paused_webhooks: int
    watched_at: datetime | None


async def open_alerts(
    connection: Connection, rule_id: int | None = None
) -> list[OpenAlert]:
    """Every alert that has not ended, or those of one rule."""
    return await connection.structs(OpenAlert, SQL.open_alerts, rule_id)


async def hushed_alerts(connection: Connection, now: datetime) -> list[HushedAlert]:
    """Of what somebody knows."""
    return await connection.structs(HushedAlert, SQL.hushed_alerts, now)


async def keep_alerts(
    connection: Connection, rows: Sequence[AlertRow], now: datetime
) -> dict[tuple[int, str], int]:
    """Store how alerts stand; answers their ids by rule and endpoint."""
    if not rows:
        return {}
    kept = await connection.fetch(SQL.keep_alerts, as_json(rows), now)
    return {(row["rule_id"], row["endpoint_id"]): row["id"] for row in kept}


async def drop_alerts(connection: Connection, pairs: Sequence[tuple[int, str]]) -> None:
    """Forget what was never told: by rule and endpoint."""
    if pairs:
        rules, endpoints = [rule for rule, _ in pairs], [who for _, who in pairs]
        await connection.execute(SQL.drop_alerts, rules, endpoints)


async def list_alerts(connection: Connection, wanted: AlertFilter) -> list[StoredAlert]:
    """A page of alerts, the newest first."""
    return await connection.structs(
        StoredAlert,
        SQL.list_alerts,
        wanted.state,
        wanted.endpoint_id,
        wanted.group_id,
        wanted.kind,
        wanted.severity,
        wanted.low,
        wanted.high,
        wanted.before,
        wanted.limit,
        wanted.alert_id,
    )


async def acknowledge_alert(  # one for each column
    connection: Connection,
    alert_id: int,
    who: str,
    now: datetime,
    until: datetime | None,
    note: str,
) -> bool:
    """Note who knows; answers whether there is such an open alert."""
    found = await connection.fetchval(
        SQL.acknowledge_alert, alert_id, who, now, until, note
    )
    return found is not None


async def forget_acknowledgement(connection: Connection, alert_id: int) -> bool:
    """Nobody knows any more; answers whether there is such an alert."""
    return await connection.fetchval(SQL.forget_acknowledgement, alert_id) is not None


async def summarize_alerts(connection: Connection) -> StoredSummary:
    """How many alerts are in which state."""
    [summary] = await connection.structs(StoredSummary, SQL.summarize_alerts)
    return summary


async def delete_alerts_before(connection: Connection, instant: datetime) -> int:
    """Delete alerts that ended before; answers how many."""
    return int(await connection.fetchval(SQL.delete_alerts_before, instant))
