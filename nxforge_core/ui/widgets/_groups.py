"""Widgets that hold others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Section, Tab, Tabs, Widget
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h

__all__ = ["show_section", "show_tabs"]

say = load_texts("nxforge_core")

#: Shows a body; it is handed over, because it needs this module itself.
Show = Callable[[Sequence[Widget], Ask], Awaitable[list[Node]]]


async def show_section(widget: Section, ask: Ask, show: Show) -> Node:
    """A heading with an anchor, and what is below it."""
    name = ask.name(widget)
    inner = msgspec.structs.replace(ask, level=ask.level + 1)
    head = h(f"h{ask.level}", {"id": f"{name}-title"}, widget.title)
    text = h("p", {"class": "nx-intro"}, widget.text) if widget.text else None
    body = await show(widget.body, inner)
    facts = {
        "class": f"nx-section w-{widget.width}",
        "id": name,
        "aria-labelledby": f"{name}-title",
    }
    return h("section", facts, head, text, h("div", {"class": "nx-grid"}, body))


async def show_tabs(widget: Tabs, ask: Ask, show: Show) -> Node:
    """The names of all, and the body of the one that is chosen."""
    chosen = _chosen(widget, ask)
    links = [
        h(
            "a",
            {
                "href": ask.here({"tab": each.name}),
                "aria-current": "page" if each is chosen else None,
            },
            each.title,
        )
        for each in widget.tabs
    ]
    body = await show(chosen.body, ask) if chosen else []
    bar = h("nav", {"class": "nx-tabs", "aria-label": say("Views")}, links)
    grid = h("div", {"class": "nx-grid"}, body)
    return h("div", {"class": f"w-{widget.width}"}, bar, grid)


def _chosen(widget: Tabs, ask: Ask) -> Tab | None:
    wanted = ask.params.get("tab")
    first = next(iter(widget.tabs), None)
    return next((each for each in widget.tabs if each.name == wanted), first)
