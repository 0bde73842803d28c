"""What happened, written down for every webhook that is to hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nxforge_consumption_monitor.store.alerting import (
    DeliveryRow,
    list_webhooks,
    queue_deliveries,
)
from nxforge_core.api import Connection

from ._notice import Notice, encode, wants

__all__ = ["queue_notices"]


async def queue_notices(
    connection: Connection, notices: Sequence[Notice], now: datetime
) -> None:
    """Queue notices for delivery.

    Args:
        connection: In the transaction of what the notices tell of.
        notices: What happened.
        now: From then on they are due.
    """
    if not notices:
        return
    webhooks = await list_webhooks(connection)
    rows = [
        DeliveryRow(
            webhook_id=webhook.id,
            event_id=notice.id,
            event=notice.event,
            body=encode(notice),
        )
        for notice in notices
        for webhook in webhooks
        if wants(webhook, notice)
    ]
    await queue_deliveries(connection, rows, now)
