"""One webhook: what was sent to it, and whether it arrived."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor import webhooks
from nxforge_consumption_monitor.models import DeliveryState, DeliveryView, WebhookView
from nxforge_consumption_monitor.permissions import MANAGE_WEBHOOKS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

from ._webhook_entry import (
    WEBHOOK_FIELDS,
    WebhookEntry,
    change_of_webhook,
    entry_of_webhook,
)
from ._webhooks import state_of_webhook

__all__ = ["WEBHOOK_PAGE"]

say = load_texts(__package__)

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
        ui.Fact(say("Webhook"), found.name),
        ui.Fact(say("State"), state_of_webhook(found)),
        ui.Fact(say("Address"), found.url, "code"),
        ui.Fact(say("Told of"), ", ".join(found.events) or "everything"),
        ui.Fact(say("Signed by"), f"HMAC-SHA256 in {webhooks.SIGNATURE_HEADER}"),
        ui.Fact(say("Changed"), found.updated_at, "time"),
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
    return ui.Done(
        say("Delivery {id} is on its way: see the log below.").format(id=sent.id)
    )


async def _held(ctx: _Context, params: ui.Params) -> dict[str, object]:
    return entry_of_webhook(await _asked(ctx, params))


async def _change(ctx: _Context, data: WebhookEntry, params: ui.Params) -> ui.Done:
    found = await _asked(ctx, params)
    stored = await webhooks.change_webhook(ctx, found.id, change_of_webhook(data))
    return ui.Done(say("Webhook {name} is changed.").format(name=stored.name))


WEBHOOK_PAGE: Final = ui.Page(
    name="webhook",
    title=say("Webhook"),
    heading=_name,
    menu=False,
    permission=MANAGE_WEBHOOKS,
    links=(ui.Link(say("All webhooks"), "webhooks"),),
    body=(
        ui.Detail(
            say("Webhook"), _facts, every=10, empty=say("There is no such webhook.")
        ),
        ui.Action(
            say("Send a test"),
            _test,
            style="primary",
            text=say("Sends what says of itself that it is a test."),
        ),
        ui.Table(
            say("Sent"),
            _deliveries,
            (
                ui.Column("at", say("When"), "time", sort=True),
                ui.Column("event", say("Event"), sort=True),
                ui.Column("state", say("State")),
                ui.Column("attempts", say("Attempts"), "number", sort=True),
                ui.Column("http_status", say("Answer"), "number"),
                ui.Column("next_at", say("Next attempt"), "time"),
                ui.Column("body", say("Body"), "code", hidden=True),
            ),
            key="id",
            sort="-at",
            size=20,
            every=5,
            empty=say("Nothing was sent to it yet."),
        ),
        ui.Form(
            say("Change it"),
            WebhookEntry,
            _change,
            _held,
            WEBHOOK_FIELDS,
            name="change",
            layout="columns",
        ),
    ),
)
