"""The start page, and what somebody wants to be on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import Body, Model, PluginContext, RouteSpec, load_texts
from nxforge_core.api.pages import Empty, Link, Page
from nxforge_core.security import Principal
from nxforge_core.ui import Ask, Node, h, show_page, show_page_tools

from ._context import CoreContext
from ._files import HtmlPage
from ._look import ask_of, whole_page
from ._security import CallerRequest
from .home import (
    HomeCard,
    Layout,
    forget_layout,
    home_cards,
    keep_layout,
    read_layout,
)

__all__ = ["ROUTES", "arranged"]

say = load_texts("nxforge_core")

_CHANGE: Final = "nxforge:me:write"
_ARRANGE: Final = Link(say("Arrange"), "nxforge/home")


def _overview(words: Empty) -> Page:
    return Page(
        name="overview",
        title=say("Overview"),
        public=True,
        body=(words,),
        links=(_ARRANGE,),
    )


_NOTHING: Final = _overview(
    Empty(
        say("Nothing to show yet"),
        say(
            "No plugin shows a page here yet. Enable one with 'nxforge "
            "plugins enable ID'."
        ),
    )
)
_HIDDEN: Final = _overview(
    Empty(
        say("Everything is hidden"),
        say("You took every card off your start page."),
        _ARRANGE,
    )
)

_Name = Annotated[str, Meta(pattern=r"^[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+$")]
_Names = Annotated[list[_Name], Meta(max_length=500)]


class HomeCardView(Model):
    """One card that the start page can show.

    Attributes:
        name: Plugin, page and widget.
        page: Title of the page it is from.
        shown: It is on the start page.
    """

    name: str
    title: str
    page: str
    plugin: str
    shown: bool


class HomeRequest(Body):
    """What the caller wants on the start page.

    Attributes:
        cards: Names in order; cards that are not named follow at the end.
        hidden: Names of those that are not shown.
    """

    cards: _Names
    hidden: _Names = []


async def home(ctx: CoreContext, request: CallerRequest) -> HtmlPage:
    """The start page: what the plugins want to be seen first, as the reader wants."""
    cards = await arranged(ctx, request.user)
    runs = groupby((card for card, hidden in cards if not hidden), _page_of)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_part(ctx, request, list(found))) for _, found in runs
        ]
    parts = [part for task in tasks if (part := task.result()) is not None]
    page = _HIDDEN if cards and all(hidden for _, hidden in cards) else _NOTHING
    ask = ask_of(ctx, request, page, ctx)
    tools = show_page_tools(ask) if cards and request.user.may(_CHANGE) else []
    return whole_page(ctx, request, page, parts or await show_page(ask), tools=tools)


async def arranged(
    ctx: CoreContext, reader: Principal
) -> Sequence[tuple[HomeCard, bool]]:
    """All cards that are offered to somebody, in their order, and which are hidden."""
    offered = {card.name: card for card in home_cards(ctx, reader)}
    layout = await read_layout(ctx, reader)
    names = layout.arranged(list(offered))
    return [(offered[name], name in layout.hidden) for name in names]


async def show_own_home(ctx: CoreContext, request: CallerRequest) -> list[HomeCardView]:
    """What one's own start page can show, in order."""
    return [_view(*each) for each in await arranged(ctx, request.user)]


async def change_own_home(
    ctx: CoreContext, request: CallerRequest, data: HomeRequest
) -> list[HomeCardView]:
    """Order, hide and show cards; what does not run keeps its place."""
    names = list(dict.fromkeys(data.cards))
    await keep_layout(ctx, request.user, Layout(names, sorted(set(data.hidden))))
    return await show_own_home(ctx, request)


async def reset_own_home(ctx: CoreContext, request: CallerRequest) -> None:
    """Have the start page as at first."""
    await forget_layout(ctx, request.user)


def _view(card: HomeCard, hidden: bool) -> HomeCardView:  # noqa: FBT001 - of a pair
    return HomeCardView(
        name=card.name,
        title=card.title,
        page=str(card.page.title),
        plugin=card.context.plugin.id,
        shown=not hidden,
    )


def _page_of(card: HomeCard) -> tuple[str, str]:
    return card.context.plugin.id, card.page.name


async def _part(
    ctx: CoreContext, request: CallerRequest, cards: Sequence[HomeCard]
) -> Node | None:
    """Cards of one page, under its title; None: they have nothing to say now."""
    page, context = cards[0].page, cards[0].context
    ask = _below(ctx, request, page, context)
    shown = await show_page(ask, [card.widget for card in cards])
    if all("hidden" in card.attributes for card in shown):
        return None
    # A page can be here twice, around cards of another one: the title goes by the
    # first card, so that each part has an id of its own.
    key = f"of-{cards[0].name.replace('/', '-')}"
    title = h("h2", {"id": key}, h("a", {"href": ask.path}, page.title))
    grid = h("div", {"class": "nx-grid"}, shown)
    return h("div", {"class": "nx-section", "data-key": key}, title, grid)


def _below(
    ctx: CoreContext, request: CallerRequest, page: Page, context: PluginContext[Any]
) -> Ask:
    ask = ask_of(ctx, request, page, context)
    return msgspec.structs.replace(ask, level=3)


_OWN: Final = "/api/v1/me/home"

ROUTES = [
    RouteSpec("GET", "/", home, permission="nxforge:pages:read"),
    RouteSpec("GET", _OWN, show_own_home, permission="nxforge:me:read"),
    RouteSpec("PUT", _OWN, change_own_home, permission=_CHANGE),
    RouteSpec("DELETE", _OWN, reset_own_home, permission=_CHANGE, status=204),
]
