"""What the start page can show to somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from nxforge_core.api import PluginContext
from nxforge_core.api.pages import Page, Widget, all_widgets
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._menu import allowed_pages
from nxforge_core.security import Principal
from nxforge_core.ui import around, named

__all__ = ["HomeCard", "home_cards"]


class HomeCard(msgspec.Struct, frozen=True):
    """One widget of a page; `name` tells it from those of all other pages."""

    name: str
    widget: Widget
    page: Page
    context: PluginContext[Any]

    @property
    def title(self) -> str:
        """As its card has it; one without a title goes by that of its page."""
        return str(getattr(self.widget, "title", "") or self.page.title)


def home_cards(ctx: CoreContext, reader: Principal) -> Sequence[HomeCard]:
    """What plugins offer and the reader may see, in their order."""
    found = [
        card
        for page, context in allowed_pages(ctx, reader)
        for card in _of_page(page, context)
        if _may_see(card, reader)
    ]
    # What the host itself has to say is little and comes first.
    return sorted(found, key=lambda card: card.context.plugin.id != ctx.plugin.id)


def _of_page(page: Page, context: PluginContext[Any]) -> Iterator[HomeCard]:
    inside = page.body if page.home else all_widgets(page.body)
    offered = {id(each) for each in inside if page.home or each.home}
    for name, widget in named(page).items():
        if id(widget) in offered:
            full = f"{context.plugin.id}/{page.name}/{name}"
            yield HomeCard(full, widget, page, context)


def _may_see(card: HomeCard, reader: Principal) -> bool:
    """Whether it and the groups it is in are for this reader."""
    needed = {each.permission for each in around(card.page, card.widget)}
    return all(each is None or reader.may(each) for each in needed)
