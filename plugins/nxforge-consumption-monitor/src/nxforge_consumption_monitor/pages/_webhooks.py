"""Who is told of alerts."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Final

from nxforge_consumption_monitor import webhooks
from nxforge_consumption_monitor.models import WebhookView
from nxforge_consumption_monitor.permissions import MANAGE_WEBHOOKS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._webhook_entry import WEBHOOK_FIELDS, WebhookEntry
from ._words import counted

__all__ = ["WEBHOOKS_PAGE", "state_of_webhook"]

say = load_texts(__package__)

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
        return ui.State(say("off"))
    if found.paused_at is not None:
        return ui.State(say("paused"), "bad", found.paused_why)
    if found.failures:
        return ui.State(
            say("failing"),
            "warning",
            say("{failures} attempts failed").format(failures=found.failures),
        )
    return ui.State(say("on"), "ok")


async def _add(ctx: _Context, data: WebhookEntry) -> ui.Done:
    made = None if data.secret else token_urlsafe(_BYTES)
    found = await webhooks.add_webhook(ctx, data.body(data.secret or str(made)))
    link = ui.Link(say("Send a test"), "webhook", {"id": found.id})
    words = say("Webhook {name} is stored.").format(name=found.name)
    if made is None:
        return ui.Done(words, go=link)
    return ui.Done(
        say("{words} Its secret, shown this once:").format(words=words),
        link=link,
        secret=made,
    )


async def _test(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    sent = await webhooks.try_webhook(ctx, keys[0])
    words = say("Delivery {id} is on its way.").format(id=sent.id)
    return ui.Done(words, go=ui.Link(say("See it"), "webhook", {"id": keys[0]}))


async def _delete(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    for key in keys:
        await webhooks.remove_webhook(ctx, key)
    return ui.Done(
        say("{counted} deleted.").format(counted=counted(len(keys), "webhook"))
    )


WEBHOOKS_PAGE: Final = ui.Page(
    name="webhooks",
    title=say("Webhooks"),
    intro=say("Who is told of alerts, and whether it arrives."),
    icon="pulse",
    permission=MANAGE_WEBHOOKS,
    links=(ui.Link(say("Alerts"), "alerts"),),
    body=(
        ui.Table(
            say("Webhooks"),
            _rows,
            (
                ui.Column("webhook", say("Webhook"), sort=True),
                ui.Column("state", say("State")),
                ui.Column("url", say("Address"), "code"),
                ui.Column("told", say("Told of")),
                ui.Column("min_severity", say("From"), sort=True),
                ui.Column("failures", say("Failures"), "number", hidden=True),
            ),
            key="id",
            every=30,
            actions=(
                ui.RowAction("test", say("Send a test"), _test),
                ui.RowAction(
                    "delete",
                    say("Delete"),
                    _delete,
                    confirm=say("Delete this webhook and its log?"),
                    style="danger",
                ),
            ),
            empty=say("Nobody is told of alerts. Add an address that takes them."),
        ),
        ui.Form(
            say("Add a webhook"),
            WebhookEntry,
            _add,
            fields=WEBHOOK_FIELDS,
            button=say("Add the webhook"),
            layout="columns",
        ),
    ),
)
