"""Webhooks over HTTP."""

from __future__ import annotations

from nxforge_consumption_monitor import webhooks
from nxforge_consumption_monitor.models import (
    DeliveriesAnswer,
    DeliveryView,
    WebhookBody,
    WebhookChange,
    WebhookView,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._caller import IfMatch

__all__ = [
    "change_webhook",
    "create_webhook",
    "delete_webhook",
    "get_webhook",
    "list_deliveries",
    "list_webhooks",
    "try_webhook",
]

_Context = PluginContext[MonitorSettings]


async def list_webhooks(ctx: _Context) -> list[WebhookView]:
    """Who is told of alerts; secrets are never shown."""
    return await webhooks.webhooks(ctx)


async def create_webhook(ctx: _Context, data: WebhookBody) -> WebhookView:
    """Tell somebody more."""
    return await webhooks.add_webhook(ctx, data)


async def get_webhook(ctx: _Context, webhook_id: str) -> WebhookView:
    """One webhook."""
    return await webhooks.show_webhook(ctx, webhook_id)


async def change_webhook(
    ctx: _Context, webhook_id: str, data: WebhookChange, if_match: IfMatch = None
) -> WebhookView:
    """Change what the body names; `enabled` true ends a pause as well."""
    return await webhooks.change_webhook(ctx, webhook_id, data, match=if_match)


async def delete_webhook(
    ctx: _Context, webhook_id: str, if_match: IfMatch = None
) -> None:
    """Delete a webhook with its log of deliveries."""
    await webhooks.remove_webhook(ctx, webhook_id, match=if_match)


async def list_deliveries(
    ctx: _Context, webhook_id: str, limit: int | None = None, cursor: int | None = None
) -> DeliveriesAnswer:
    """What was sent and what waits, the newest first."""
    return await webhooks.deliveries(ctx, webhook_id, limit, cursor)


async def try_webhook(ctx: _Context, webhook_id: str) -> DeliveryView:
    """Queue a delivery that says it is a test."""
    return await webhooks.try_webhook(ctx, webhook_id)
