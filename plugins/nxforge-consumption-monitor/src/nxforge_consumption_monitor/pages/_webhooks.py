"""Who is told of alerts."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Final

from nxforge_consumption_monitor import webhooks
from nxforge_consumption_monitor.models import WebhookView
from nxforge_consumption_monitor.permissions import MANAGE_WEBHOOKS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, ui

from ._webhook_entry import WEBHOOK_FIELDS, WebhookEntry
from ._words import counted

__all__ = ["WEBHOOKS_PAGE", "state_of_webhook"]

_Context = PluginContext[MonitorSettings]

_BYTES: Final = 24


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "webhook": ui.Link(each.name, "webhook", {"id": each.id}),
            "state": state_of_webhook(each),
            "url": each.url,
            "told": ", ".join(each.events) or "everything",
            "min_severity": each.min_severity,
            "failures": each.failures,
        }
        for each in await webhooks.webhooks(ctx)
    ]


def state_of_webhook(found: WebhookView) -> ui.State:
    """Whether it is told."""
    if not found.enabled:
        return ui.State("off")
    if found.paused_at is not None:
        return ui.State("paused", "bad", found.paused_why)
    if found.failures:
        return ui.State("failing", "warning", f"{found.failures} attempts failed")
    return ui.State("on", "ok")


async def _add(ctx: _Context, data: WebhookEntry) -> ui.Done:
    made = None if data.secret else token_urlsafe(_BYTES)
    found = await webhooks.add_webhook(ctx, data.body(data.secret or str(made)))
    link = ui.Link("Send a test", "webhook", {"id": found.id})
    words = f"Webhook {found.name} is stored."
    if made is None:
        return ui.Done(words, go=link)
    return ui.Done(f"{words} Its secret, shown this once:", link=link, secret=made)


async def _test(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    sent = await webhooks.try_webhook(ctx, keys[0])
    words = f"Delivery {sent.id} is on its way."
    return ui.Done(words, go=ui.Link("See it", "webhook", {"id": keys[0]}))


async def _delete(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    for key in keys:
        await webhooks.remove_webhook(ctx, key)
    return ui.Done(f"{counted(len(keys), 'webhook')} deleted.")


WEBHOOKS_PAGE: Final = ui.Page(
    name="webhooks",
    title="Webhooks",
    intro="Who is told of alerts, and whether it arrives.",
    icon="pulse",
    permission=MANAGE_WEBHOOKS,
    links=(ui.Link("Alerts", "alerts"),),
    body=(
        ui.Table(
            "Webhooks",
            _rows,
            (
                ui.Column("webhook", "Webhook", sort=True),
                ui.Column("state", "State"),
                ui.Column("url", "Address", "code"),
                ui.Column("told", "Told of"),
                ui.Column("min_severity", "From", sort=True),
                ui.Column("failures", "Failures", "number", hidden=True),
            ),
            key="id",
            every=30,
            actions=(
                ui.RowAction("test", "Send a test", _test),
                ui.RowAction(
                    "delete",
                    "Delete",
                    _delete,
                    confirm="Delete this webhook and its log?",
                    style="danger",
                ),
            ),
            empty="Nobody is told of alerts. Add an address that takes them.",
        ),
        ui.Form(
            "Add a webhook",
            WebhookEntry,
            _add,
            fields=WEBHOOK_FIELDS,
            button="Add the webhook",
            layout="columns",
        ),
    ),
)
