"""One webhook: what was sent to it, and whether it arrived."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor import webhooks
from nxforge_consumption_monitor.models import DeliveryState, DeliveryView, WebhookView
from nxforge_consumption_monitor.permissions import MANAGE_WEBHOOKS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, ui

from ._webhook_entry import (
    WEBHOOK_FIELDS,
    WebhookEntry,
    change_of_webhook,
    entry_of_webhook,
)
from ._webhooks import state_of_webhook

__all__ = ["WEBHOOK_PAGE"]

_Context = PluginContext[MonitorSettings]

_LEVELS: Final[dict[DeliveryState, ui.Level]] = {
    "delivered": "ok",
    "pending": "info",
    "failed": "bad",
    "dropped": "warning",
}


async def _asked(ctx: _Context, params: ui.Params) -> WebhookView:
    if "id" not in params:
        remedy = "choose a webhook in the list of webhooks"
        raise InvalidInputError(field="id", value=None, remedy=remedy)
    return await webhooks.show_webhook(ctx, params["id"])


async def _name(ctx: _Context, params: ui.Params) -> str:
    return (await _asked(ctx, params)).name


async def _facts(ctx: _Context, params: ui.Params) -> list[ui.Fact]:
    found = await _asked(ctx, params)
    return [
        ui.Fact("Webhook", found.name),
        ui.Fact("State", state_of_webhook(found)),
        ui.Fact("Address", found.url, "code"),
        ui.Fact("Told of", ", ".join(found.events) or "everything"),
        ui.Fact("Signed by", f"HMAC-SHA256 in {webhooks.SIGNATURE_HEADER}"),
        ui.Fact("Changed", found.updated_at, "time"),
    ]


async def _deliveries(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    found = await webhooks.deliveries(ctx, params.get("id", ""), None, None)
    return [_row(each) for each in found.data]


def _row(sent: DeliveryView) -> dict[str, object]:
    return {
        "id": sent.id,
        "at": sent.created_at,
        "event": sent.event,
        "state": ui.State(sent.state, _LEVELS[sent.state], sent.error),
        "attempts": sent.attempts,
        "http_status": sent.http_status,
        "next_at": sent.next_at or "",
        "body": bytes(sent.body).decode(),
    }


async def _test(ctx: _Context, params: ui.Params) -> ui.Done:
    sent = await webhooks.try_webhook(ctx, (await _asked(ctx, params)).id)
    return ui.Done(f"Delivery {sent.id} is on its way: see the log below.")


async def _held(ctx: _Context, params: ui.Params) -> dict[str, object]:
    return entry_of_webhook(await _asked(ctx, params))


async def _change(ctx: _Context, data: WebhookEntry, params: ui.Params) -> ui.Done:
    found = await _asked(ctx, params)
    stored = await webhooks.change_webhook(ctx, found.id, change_of_webhook(data))
    return ui.Done(f"Webhook {stored.name} is changed.")


WEBHOOK_PAGE: Final = ui.Page(
    name="webhook",
    title="Webhook",
    heading=_name,
    menu=False,
    permission=MANAGE_WEBHOOKS,
    links=(ui.Link("All webhooks", "webhooks"),),
    body=(
        ui.Detail("Webhook", _facts, every=10, empty="There is no such webhook."),
        ui.Action(
            "Send a test",
            _test,
            style="primary",
            text="Sends what says of itself that it is a test.",
        ),
        ui.Table(
            "Sent",
            _deliveries,
            (
                ui.Column("at", "When", "time", sort=True),
                ui.Column("event", "Event", sort=True),
                ui.Column("state", "State"),
                ui.Column("attempts", "Attempts", "number", sort=True),
                ui.Column("http_status", "Answer", "number"),
                ui.Column("next_at", "Next attempt", "time"),
                ui.Column("body", "Body", "code", hidden=True),
            ),
            key="id",
            sort="-at",
            size=20,
            every=5,
            empty="Nothing was sent to it yet.",
        ),
        ui.Form(
            "Change it",
            WebhookEntry,
            _change,
            _held,
            WEBHOOK_FIELDS,
            name="change",
            layout="columns",
        ),
    ),
)
