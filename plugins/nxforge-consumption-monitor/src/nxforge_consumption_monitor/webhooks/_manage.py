"""Webhooks for people. A secret goes in and never comes out."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace

from nxforge_consumption_monitor.endpoints import check_id, check_url
from nxforge_consumption_monitor.models import (
    AlertsMeta,
    DeliveriesAnswer,
    DeliveryView,
    WebhookBody,
    WebhookChange,
    WebhookView,
    check_version,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import UnknownGroupError
from nxforge_consumption_monitor.store.alerting import (
    DeliveryRow,
    StoredDelivery,
    StoredWebhook,
    delete_webhook,
    drop_deliveries,
    group_exists,
    hold_webhooks,
    insert_webhook,
    list_deliveries,
    list_webhooks,
    queue_deliveries,
    update_webhook,
)
from nxforge_core.api import Connection, InvalidInputError, PluginContext

from ._errors import (
    IdleWebhookError,
    TakenWebhookNameError,
    TooManyWebhooksError,
    UnknownWebhookError,
)
from ._notice import Notice, encode

__all__ = [
    "add_webhook",
    "change_webhook",
    "deliveries",
    "remove_webhook",
    "show_webhook",
    "try_webhook",
    "webhooks",
]

#: All of them are told at the same time.
_MOST: Final = 50
_DEFAULT_LIMIT: Final = 100
_MAX_LIMIT: Final = 1000

_Context = PluginContext[MonitorSettings]


async def webhooks(ctx: _Context) -> list[WebhookView]:
    """All webhooks by name."""
    return [_view(each) for each in await list_webhooks(ctx.db)]


async def show_webhook(ctx: _Context, webhook_id: str) -> WebhookView:
    """One webhook.

    Raises:
        UnknownItemError: there is none with the id.
    """
    return _view(await _find(ctx.db, webhook_id))


async def add_webhook(ctx: _Context, body: WebhookBody) -> WebhookView:
    """Store a webhook.

    Raises:
        InvalidInputError: a value is not acceptable.
        ConflictError: another one has the name, or there are too many.
    """
    now = ctx.clock.now()
    fresh = StoredWebhook(
        id=str(uuid4()),
        name=body.name,
        url=body.url,
        events=body.events,
        min_severity=body.min_severity,
        group_id=body.group_id,
        sealed_secret=ctx.secrets.seal(body.secret),
        enabled=body.enabled,
        failures=0,
        paused_at=None,
        paused_why="",
        created_at=now,
        updated_at=now,
    )
    async with ctx.db.transaction() as connection:
        await _check(connection, fresh)
        await insert_webhook(connection, fresh)
        return _view(await _find(connection, fresh.id))


async def change_webhook(
    ctx: _Context, webhook_id: str, body: WebhookChange, *, match: str | None = None
) -> WebhookView:
    """Change what the body names. One that is not enabled forgets what waits for it.

    Raises:
        UnknownItemError: there is none with the id.
        InvalidInputError: a value is not acceptable.
        ConflictError: another one has the name.
        StaleVersionError: it was changed meanwhile.
    """
    changes: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(body).items()
        if value is not msgspec.UNSET
    }
    if "secret" in changes:
        changes["sealed_secret"] = ctx.secrets.seal(changes.pop("secret"))
    async with ctx.db.transaction() as connection:
        await hold_webhooks(connection)
        before = await _find(connection, webhook_id)
        check_version(match, before.updated_at)
        wanted = replace(before, **changes)
        await _check(connection, wanted)
        await update_webhook(connection, wanted, resume=body.enabled is True)
        if not wanted.enabled:
            await drop_deliveries(connection, wanted.id, "the webhook is not enabled")
        return _view(await _find(connection, wanted.id))


async def remove_webhook(
    ctx: _Context, webhook_id: str, *, match: str | None = None
) -> None:
    """Delete a webhook with its log.

    Raises:
        UnknownItemError: there is none with the id.
        StaleVersionError: it was changed meanwhile.
    """
    async with ctx.db.transaction() as connection:
        await hold_webhooks(connection)
        webhook = await _find(connection, webhook_id)
        check_version(match, webhook.updated_at)
        await delete_webhook(connection, webhook.id)


async def try_webhook(ctx: _Context, webhook_id: str) -> DeliveryView:
    """Queue a delivery that says it is a test.

    Raises:
        UnknownItemError: there is none with the id.
        ConflictError: nothing is sent to it now.
    """
    now = ctx.clock.now()
    async with ctx.db.transaction() as connection:
        webhook = await _find(connection, webhook_id)
        if not webhook.enabled or webhook.paused_at is not None:
            raise IdleWebhookError(webhook.name)
        notice = Notice(
            id=str(uuid4()),
            event="webhook.test",
            at=now,
            severity="info",
            group_id=webhook.group_id,
            data={"message": f"a test of the webhook {webhook.name}", "labels": {}},
        )
        row = DeliveryRow(
            webhook_id=webhook.id,
            event_id=notice.id,
            event=notice.event,
            body=encode(notice),
        )
        await queue_deliveries(connection, [row], now)
        [newest] = await list_deliveries(connection, webhook.id, None, 1)
    return _delivery(newest)


async def deliveries(
    ctx: _Context, webhook_id: str, limit: int | None, cursor: int | None
) -> DeliveriesAnswer:
    """A page of the log, the newest first.

    Raises:
        UnknownItemError: there is no webhook with the id.
        InvalidInputError: `limit` is out of its range.
    """
    many = _DEFAULT_LIMIT if limit is None else limit
    if not 1 <= many <= _MAX_LIMIT:
        remedy = f"give a whole number from 1 to {_MAX_LIMIT}"
        raise InvalidInputError(field="limit", value=limit, remedy=remedy)
    webhook = await _find(ctx.db, webhook_id)
    found = await list_deliveries(ctx.db, webhook.id, cursor, many)
    rest = str(found[-1].id) if len(found) == many else None
    return DeliveriesAnswer(
        data=[_delivery(each) for each in found], meta=AlertsMeta(next_cursor=rest)
    )


async def _check(connection: Connection, wanted: StoredWebhook) -> None:
    check_url(wanted.url)
    check_id("group_id", wanted.group_id)
    if wanted.group_id and not await group_exists(connection, wanted.group_id):
        raise UnknownGroupError(wanted.group_id)
    await hold_webhooks(connection)
    others = [each for each in await list_webhooks(connection) if each.id != wanted.id]
    if len(others) >= _MOST:
        raise TooManyWebhooksError(_MOST)
    if any(each.name == wanted.name for each in others):
        raise TakenWebhookNameError(wanted.name)


async def _find(connection: Connection, webhook_id: str) -> StoredWebhook:
    found = await list_webhooks(connection, _parsed(webhook_id))
    if not found:
        raise UnknownWebhookError(webhook_id)
    return found[0]


def _parsed(webhook_id: str) -> str:
    try:
        return str(UUID(webhook_id))
    except ValueError as error:
        raise UnknownWebhookError(webhook_id) from error


def _view(webhook: StoredWebhook) -> WebhookView:
    known = msgspec.structs.asdict(webhook)
    del known["sealed_secret"]
    return WebhookView(**known)


def _delivery(stored: StoredDelivery) -> DeliveryView:
    known = msgspec.structs.asdict(stored)
    return DeliveryView(**known | {"body": msgspec.Raw(stored.body.encode())})
