"""What is on one's own start page, and where."""

from __future__ import annotations

from typing import Any, Final

from nxforge_core.api import UnknownItemError, load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._home import arranged
from nxforge_core.builtin.home import (
    forget_layout,
    home_cards,
    keep_layout,
    read_layout,
)

__all__ = ["HOME_PAGE"]

say = load_texts("nxforge_core")


async def _rows(ctx: CoreContext, reader: Caller) -> list[dict[str, Any]]:
    cards = await arranged(ctx, reader.request.user)
    last = len(cards)
    return [
        {
            "name": card.name,
            "card": card.title,
            "page": ui.Link(
                card.page.title, f"{card.context.plugin.id}/{card.page.name}"
            ),
            "state": ui.State(say("hidden"), "unknown")
            if hidden
            else ui.State(say("shown"), "ok"),
            "below": place > 1,
            "above": place < last,
            "shown": not hidden,
            "hidden": hidden,
        }
        for place, (card, hidden) in enumerate(cards, 1)
    ]


async def _up(ctx: CoreContext, reader: Caller, keys: list[str]) -> ui.Done:
    return await _move(ctx, reader, keys, -1)


async def _down(ctx: CoreContext, reader: Caller, keys: list[str]) -> ui.Done:
    return await _move(ctx, reader, keys, 1)


async def _move(
    ctx: CoreContext, reader: Caller, keys: list[str], step: int
) -> ui.Done:
    user = reader.request.user
    layout, offered = await read_layout(ctx, user), _offered(ctx, reader, keys)
    for key in keys:
        layout = layout.moved(offered, key, step)
    await keep_layout(ctx, user, layout)
    place = layout.arranged(offered).index(keys[0]) + 1
    return ui.Done(say("Place {n} of {all}.").format(n=place, all=len(offered)))


async def _hide(ctx: CoreContext, reader: Caller, keys: list[str]) -> ui.Done:
    await _set_hidden(ctx, reader, keys, hide=True)
    return ui.Done(say("Hidden. Its page shows it all the same."))


async def _show(ctx: CoreContext, reader: Caller, keys: list[str]) -> ui.Done:
    await _set_hidden(ctx, reader, keys, hide=False)
    return ui.Done(say("Shown."))


async def _set_hidden(
    ctx: CoreContext, reader: Caller, keys: list[str], *, hide: bool
) -> None:
    user = reader.request.user
    layout, offered = await read_layout(ctx, user), _offered(ctx, reader, keys)
    for key in keys:
        layout = layout.hiding(offered, key, hide=hide)
    await keep_layout(ctx, user, layout)


async def _reset(ctx: CoreContext, reader: Caller) -> ui.Done:
    await forget_layout(ctx, reader.request.user)
    return ui.Done(say("Your start page is as at first."))


def _offered(ctx: CoreContext, reader: Caller, keys: list[str]) -> list[str]:
    """The cards there are, those that somebody wants to arrange among them."""
    offered = [card.name for card in home_cards(ctx, reader.request.user)]
    for key in keys:
        if key not in offered:
            raise UnknownItemError(kind="card", value=key, remedy="reload the page")
    return offered


HOME_PAGE: Final = ui.Page(
    name="home",
    title=say("Arrange the start page"),
    intro=say(
        "What plugins offer for it, in the order in which you see it. Nobody else's "
        "start page changes."
    ),
    menu=False,
    permission="nxforge:me:write",
    links=(ui.Link(say("Start page"), "/"),),
    body=(
        ui.Table(
            say("Cards"),
            _rows,
            (
                ui.Column("card", say("Card")),
                ui.Column("page", say("From the page")),
                ui.Column("state", say("State")),
            ),
            key="name",
            label="card",
            actions=(
                ui.RowAction("up", say("Up"), _up, only="below"),
                ui.RowAction("down", say("Down"), _down, only="above"),
                ui.RowAction("hide", say("Hide"), _hide, only="shown"),
                ui.RowAction("show", say("Show"), _show, only="hidden"),
            ),
            live="module.*",
            size=500,
            csv=False,
            empty=say("No plugin offers anything for the start page yet."),
        ),
        ui.Action(
            say("As at first"),
            _reset,
            text=say("Every card is shown, in the order of the menu."),
            confirm=say("Forget your own order? Every card is shown again."),
        ),
    ),
)
