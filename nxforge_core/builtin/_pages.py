"""Pages for people: the start page, the pages of plugins."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

from nxforge_core.api import PluginContext, RouteSpec, load_texts
from nxforge_core.api.pages import Empty, Page, all_widgets
from nxforge_core.ui import Ask, Node, h, show_page

from ._context import CoreContext
from ._files import HtmlPage
from ._look import ask_of, look_at, shown, whole_page
from ._menu import allowed_pages
from ._security import CallerRequest

__all__ = ["ROUTES"]

say = load_texts("nxforge_core")

_READ: Final = "nxforge:pages:read"

_NOTHING: Final = Page(
    name="overview",
    title=say("Overview"),
    public=True,
    body=[
        Empty(
            say("Nothing to show yet"),
            say(
                "No plugin shows a page here yet. Enable one with 'nxforge "
                "plugins enable ID'."
            ),
        )
    ],
)


async def home(ctx: CoreContext, request: CallerRequest) -> HtmlPage:
    """The start page: what the plugins want to be seen first."""
    found = [
        (page, context)
        for page, context in allowed_pages(ctx, request.user)
        if page.home or any(widget.home for widget in all_widgets(page.body))
    ]
    # What the host itself has to say is little and comes first.
    found.sort(key=lambda each: each[1].plugin.id != ctx.plugin.id)
    if not found:
        return whole_page(ctx, request, _NOTHING, await _nothing(ctx, request))
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_part(ctx, request, page, context))
            for page, context in found
        ]
    parts = [part for task in tasks if (part := task.result()) is not None]
    return whole_page(ctx, request, _NOTHING, parts or await _nothing(ctx, request))


async def _nothing(ctx: CoreContext, request: CallerRequest) -> list[Node]:
    return await show_page(ask_of(ctx, request, _NOTHING, ctx))


async def show(
    ctx: CoreContext, request: CallerRequest, plugin: str, name: str
) -> HtmlPage:
    """One page of a plugin."""
    return await shown(ctx, request, look_at(ctx, request, plugin, name))


async def _part(
    ctx: CoreContext, request: CallerRequest, page: Page, context: PluginContext
) -> Node | None:
    """What one page has for the start page, under its title; None: nothing now."""
    ask = _below(ask_of(ctx, request, page, context))
    chosen = None
    if not page.home:
        chosen = [widget for widget in all_widgets(page.body) if widget.home]
    cards = await show_page(ask, chosen)
    if all("hidden" in card.attributes for card in cards):
        return None
    title = h("h2", None, h("a", {"href": ask.path}, page.title))
    grid = h("div", {"class": "nx-grid"}, cards)
    return h("section", {"class": "nx-section", "aria-label": page.title}, title, grid)


def _below(ask: Ask) -> Ask:
    return msgspec.structs.replace(ask, level=3)


ROUTES = [
    RouteSpec("GET", "/", home, permission=_READ),
    RouteSpec("GET", "/ui/{plugin:str}/{name:str}", show, permission=_READ),
]
