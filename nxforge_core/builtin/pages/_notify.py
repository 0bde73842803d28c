"""Whom plugins tell: channels, a way to set them up, and what became of notices."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import NoticeLevel, load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._notify import (
    ChannelRequest,
    NoticeDelivery,
    add_channel,
    list_channels,
    list_deliveries,
    remove_channel,
    test_channel,
)

from ._words import number_of_row

__all__ = ["NOTIFY_PAGE"]

say = load_texts("nxforge_core")

_READ, _MANAGE = "nxforge:notify:read", "nxforge:notify:manage"
_LEVELS: Final[dict[str, ui.Level]] = {
    "delivered": "ok",
    "pending": "info",
    "failed": "bad",
}


class NewChannel(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who shall be told: by e-mail, or by a signed request.

    Attributes:
        to: Addresses for e-mail.
        url: In place of them, where a request is sent.
        secret: Signs what is sent to the URL.
        plugin: Id of the one whose notices are wanted; empty: of every plugin.
        level: That one and those above.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    to: list[str] = []
    url: Annotated[str, Meta(max_length=2000)] = ""
    secret: str | None = None
    plugin: Annotated[str, Meta(max_length=50)] = ""
    level: NoticeLevel = "info"


async def _channels(ctx: CoreContext) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "name": each.name,
            "to": each.to,
            "plugin": each.plugin or say("every plugin"),
            "level": say(each.level),
            "by": each.created_by,
            "at": each.created_at,
        }
        for each in await list_channels(ctx)
    ]


async def _deliveries(ctx: CoreContext) -> list[dict[str, object]]:
    return [_delivery(each) for each in await list_deliveries(ctx)]


def _delivery(one: NoticeDelivery) -> dict[str, object]:
    return {
        "at": one.at,
        "subject": one.subject,
        "plugin": one.plugin,
        "channel": one.channel,
        "state": ui.State(say(one.state), _LEVELS[one.state], one.error),
        "attempts": one.attempts,
    }


async def _add(ctx: CoreContext, data: NewChannel, reader: Caller) -> ui.Done:
    wanted = ChannelRequest(
        name=data.name,
        to=data.to,
        url=data.url,
        secret=data.secret or "",
        plugin=data.plugin or None,
        level=data.level,
    )
    made = await add_channel(ctx, reader.request, wanted)
    return ui.Done(say("{name} will be told.").format(name=made.name))


async def _remove(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for key in keys:
        await remove_channel(ctx, reader.request, number_of_row(key, "channel"))
    return ui.Done(say("Told nothing more: {keys}.").format(keys=len(keys)))


async def _test(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for key in keys:
        await test_channel(ctx, reader.request, number_of_row(key, "channel"))
    return ui.Done(say("A test is on its way; the table below shows its fate."))


_ACTIONS: Final = (
    ui.RowAction("test", say("Send a test"), _test, permission=_MANAGE),
    ui.RowAction(
        "remove",
        say("Remove"),
        _remove,
        permission=_MANAGE,
        confirm=say("Remove it? What waits for it is dropped."),
        style="danger",
    ),
)

NOTIFY_PAGE: Final = ui.Page(
    name="notifications",
    title=say("Notifications"),
    intro=say("Whom plugins tell what happens, and what became of it."),
    menu=False,
    permission=_READ,
    links=(ui.Link(say("Settings"), "settings"),),
    body=(
        ui.Table(
            say("Channels"),
            _channels,
            (
                ui.Column("name", say("Name"), sort=True),
                ui.Column("to", say("To"), "code"),
                ui.Column("plugin", say("Of"), sort=True),
                ui.Column("level", say("From level")),
                ui.Column("by", say("Added by"), hidden=True),
                ui.Column("at", say("Added"), "age", hidden=True),
            ),
            name="channels",
            key="id",
            actions=_ACTIONS,
            csv=False,
            empty=say("Nobody is told yet."),
        ),
        ui.Form(
            say("Tell somebody"),
            NewChannel,
            _add,
            name="add",
            fields={"url": ui.Field(label=say("URL"))},
            permission=_MANAGE,
            button=say("Add"),
            text=say(
                "Either addresses, which need a mail server in the settings, or a URL."
            ),
            width="half",
        ),
        ui.Table(
            say("What was told"),
            _deliveries,
            (
                ui.Column("at", say("When"), "age"),
                ui.Column("subject", say("Subject")),
                ui.Column("plugin", say("Plugin"), sort=True),
                ui.Column("channel", say("Channel"), sort=True),
                ui.Column("state", say("State"), sort=True),
                ui.Column("attempts", say("Attempts"), "number"),
            ),
            name="told",
            search=True,
            every=30,
            csv=False,
            empty=say("No plugin told anything in the last 30 days."),
        ),
    ),
)
