"""Where the host may fetch from: the list, a way onto it and off it, and a test."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._networks import (
    Network,
    NetworkRequest,
    allow_network,
    check_network,
    list_networks,
    remove_network,
)

from ._words import number_of_row

__all__ = ["ALLOW", "NETWORKS", "TRY"]

say = load_texts("nxforge_core")

_READ, _MANAGE = "nxforge:networks:read", "nxforge:networks:manage"


class NewNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that is wanted.

    Attributes:
        entry: An address or a network, with a port if only that one is meant.
        note: What is there; whoever looks at the list next year will be glad.
    """

    entry: Annotated[str, Meta(min_length=1, max_length=100)]
    note: Annotated[str, Meta(max_length=200)] = ""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """A connection that is asked about.

    Attributes:
        address: As digits; a name means whatever its server answers.
    """

    address: Annotated[str, Meta(min_length=1, max_length=100)]
    port: Annotated[int, Meta(ge=1, le=65_535)] = 80


async def _rows(ctx: CoreContext) -> list[dict[str, object]]:
    return [_row(each) for each in await list_networks(ctx)]


def _row(network: Network) -> dict[str, object]:
    own = network.source == "settings"
    note = "network.allow: change it there" if own else ""
    return {
        "id": network.id,
        "entry": network.entry,
        "note": network.note,
        "source": ui.State(
            say("settings") if own else say("added here"), "unknown", note
        ),
        "by": network.created_by or "",
        "at": network.created_at or "",
    }


async def _allow(ctx: CoreContext, data: NewNetwork, reader: Caller) -> ui.Done:
    wanted = NetworkRequest(entry=data.entry, note=data.note)
    made = await allow_network(ctx, reader.request, wanted)
    return ui.Done(say("The host may fetch from {entry} now.").format(entry=made.entry))


async def _remove(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for key in keys:
        await remove_network(ctx, reader.request, number_of_row(key, "network"))
    return ui.Done(say("Taken off the list: {keys}.").format(keys=len(keys)))


async def _try(ctx: CoreContext, data: Probe) -> ui.Done:
    verdict = await check_network(ctx, data.address, data.port)
    if verdict.allowed:
        return ui.Done(
            say("{address}, port {port}: allowed.").format(
                address=data.address, port=data.port
            )
        )
    words = f"{data.address}, port {data.port}: refused, {verdict.why}."
    return ui.Done(f"{words} {verdict.remedy}".strip())


NETWORKS: Final = ui.Table(
    say("Allowed networks"),
    _rows,
    (
        ui.Column("entry", say("Address or network"), "code", sort=True),
        ui.Column("note", say("What is there")),
        ui.Column("source", say("From")),
        ui.Column("by", say("Added by"), sort=True),
        ui.Column("at", say("Added"), "age"),
    ),
    key="id",
    permission=_READ,
    actions=(
        ui.RowAction(
            "remove",
            say("Remove"),
            _remove,
            permission=_MANAGE,
            confirm=say("Remove it? Whatever is fetched from there fails from now on."),
            style="danger",
        ),
    ),
    csv=False,
    empty=say("Nothing is allowed yet, so nothing is fetched."),
)

ALLOW: Final = ui.Form(
    say("Allow a network"),
    NewNetwork,
    _allow,
    name="allow",
    fields={
        "entry": ui.Field(label=say("Address or network"), placeholder="10.20.0.0/16"),
        "note": ui.Field(
            label=say("What is there"), placeholder=say("Racks of hall 1")
        ),
    },
    permission=_MANAGE,
    confirm=say(
        "Allow it? Whoever may set up what is fetched reaches all that answers there."
    ),
    button=say("Allow it"),
    text=say(
        "It counts at once, in every process. Loopback and link-local "
        "addresses and those of the host itself count only when named "
        "themselves."
    ),
    width="half",
)

TRY: Final = ui.Form(
    say("Try an address"),
    Probe,
    _try,
    name="try",
    permission=_READ,
    button=say("Try it"),
    text=say("Says whether a connection would be let through. Nothing is sent."),
    width="half",
)
