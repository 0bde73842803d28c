"""Webhooks, and the outbox of what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from nxforge_consumption_monitor.models import DeliveryState, Severity, WebhookEvent
from nxforge_consumption_monitor.store._statements import SQL, as_json
from nxforge_core.api import Connection

__all__ = [
    "Attempt",
    "DeliveryRow",
    "DueDelivery",
    "StoredDelivery",
    "StoredWebhook",
    "delete_deliveries_before",
    "delete_webhook",
    "drop_deliveries",
    "due_deliveries",
    "expire_delivery",
    "hold_webhooks",
    "insert_webhook",
    "list_deliveries",
    "list_webhooks",
    "note_attempt",
    "pause_webhook",
    "queue_deliveries",
    "update_webhook",
]


class StoredWebhook(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as it is stored."""

    id: str
    name: str
    url: str
    events: list[WebhookEvent]
    min_severity: Severity
    group_id: str | None
    sealed_secret: str
    enabled: bool
    failures: int
    paused_at: datetime | None
    paused_why: str
    created_at: datetime
    updated_at: datetime


class DeliveryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event for a webhook."""

    webhook_id: str
    event_id: str
    event: WebhookEvent
    body: str


class DueDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent, and where to."""

    id: int
    event_id: str
    event: WebhookEvent
    body: str
    attempts: int
    created_at: datetime
    webhook_id: str
    webhook_name: str
    url: str
    sealed_secret: str
    failures: int


class StoredDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log of deliveries."""

    id: int
    event_id: str
    event: WebhookEvent
    state: DeliveryState
    attempts: int
    outcome: str | None
    http_status: int | None
    error: str
    created_at: datetime
    attempted_at: datetime | None
    next_at: datetime | None
    body: str


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one attempt.

    Attributes:
        outcome: `ok`, or in one word why it failed.
        next_at: When it is tried again; None where that is decided.
    """

    state: DeliveryState
    outcome: str
    http_status: int | None
    error: str
    at: datetime
    next_at: datetime | None = None


async def list_webhooks(
    connection: Connection, webhook_id: str | None = None
) -> list[StoredWebhook]:
    """All webhooks by name, or one."""
    return await connection.structs(StoredWebhook, SQL.list_webhooks, webhook_id)


async def hold_webhooks(connection: Connection) -> None:
    """Hold other writers of webhooks off until the transaction ends."""
    await connection.execute(SQL.hold_webhooks)


async def insert_webhook(connection: Connection, webhook: StoredWebhook) -> None:
    """Store a webhook."""
    await connection.execute(SQL.insert_webhook, *_values(webhook))


async def update_webhook(
    connection: Connection, webhook: StoredWebhook, *, resume: bool
) -> None:
    """Replace a webhook; `resume` ends a pause."""
    await connection.execute(SQL.update_webhook, *_values(webhook), resume)


async def delete_webhook(connection: Connection, webhook_id: str) -> None:
    """Delete a webhook and its log."""
    await connection.execute(SQL.delete_webhook, webhook_id)


async def queue_deliveries(
    connection: Connection, rows: Sequence[DeliveryRow], now: datetime
) -> None:
    """Put events into the outbox."""
    if rows:
        await connection.execute(SQL.queue_deliveries, as_json(rows), now)


async def due_deliveries(
    connection: Connection, now: datetime, each: int
) -> list[DueDelivery]:
    """What is to be sent now, of each webhook so many at the most."""
    return await connection.structs(DueDelivery, SQL.due_deliveries, now, each)


async def note_attempt(
    connection: Connection, delivery_id: int, attempt: Attempt
) -> int:
    """Note what became of an attempt.

    Returns:
        Attempts of the webhook that failed in a row.
    """
    failures = await connection.fetchval(
        SQL.note_attempt,
        delivery_id,
        attempt.state,
        attempt.outcome,
        attempt.http_status,
        attempt.error,
        attempt.at,
        attempt.next_at,
    )
    return int(failures or 0)


async def expire_delivery(
    connection: Connection, delivery_id: int, now: datetime, why: str
) -> None:
    """Give a delivery up unsent."""
    await connection.execute(SQL.expire_delivery, delivery_id, now, why)


async def pause_webhook(
    connection: Connection, webhook_id: str, now: datetime, why: str
) -> bool:
    """Send nothing any more; answers whether it was not paused before."""
    return (
        await connection.fetchval(SQL.pause_webhook, webhook_id, now, why) is not None
    )


async def drop_deliveries(connection: Connection, webhook_id: str, why: str) -> None:
    """Give up what still waits."""
    await connection.execute(SQL.drop_deliveries, webhook_id, why)


async def list_deliveries(
    connection: Connection, webhook_id: str, before: int | None, limit: int
) -> list[StoredDelivery]:
    """A page of the log, the newest first."""
    return await connection.structs(
        StoredDelivery, SQL.list_deliveries, webhook_id, before, limit
    )


async def delete_deliveries_before(connection: Connection, instant: datetime) -> int:
    """Delete old deliveries; answers how many."""
    return int(await connection.fetchval(SQL.delete_deliveries_before, instant))


def _values(webhook: StoredWebhook) -> tuple[object, ...]:
    return (
        webhook.id,
        webhook.name,
        webhook.url,
        webhook.events,
        webhook.min_severity,
        webhook.group_id,
        webhook.sealed_secret,
        webhook.enabled,
    )
