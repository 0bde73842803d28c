"""One page of a plugin as a tree, or one of its cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from nxforge_core.api import NxForgeError, load_texts
from nxforge_core.api.pages import Chart, Page, Widget, all_widgets

from ._ask import Ask, takes
from ._names import named
from ._tree import Node, h
from .widgets import may_see, show_body, show_card
from .widgets._frame import anchor

__all__ = [
    "around",
    "find_widget",
    "heading_of",
    "prepared",
    "show_page",
    "show_page_tools",
    "show_widget",
]

say = load_texts("nxforge_core")


def prepared(ask: Ask) -> Ask:
    """The look with the names of the page's widgets."""
    names = {id(widget): name for name, widget in named(ask.page).items()}
    return msgspec.structs.replace(ask, names=names)


async def show_page(ask: Ask, body: Sequence[Widget] | None = None) -> list[Node]:
    """The page's cards.

    Args:
        ask: Prepared.
        body: Those of the page's widgets that are wanted; None: all.
    """
    return await show_body(ask.page.body if body is None else body, ask)


async def show_widget(ask: Ask, widget: Widget) -> Node:
    """One of them."""
    return await show_card(widget, ask)


def find_widget(ask: Ask, name: str) -> Widget | None:
    """The widget of this name; None where the reader may not see it."""
    found = named(ask.page).get(name)
    groups = around(ask.page, found) if found is not None else []
    return found if found and all(may_see(each, ask) for each in groups) else None


async def heading_of(ask: Ask) -> str:
    """What the page is about by name, else its title."""
    if ask.page.heading is None:
        return ask.page.title
    try:
        return await ask.content(ask.page.heading) or ask.page.title
    except NxForgeError:  # the cards say it in their own words
        return ask.page.title


def show_page_tools(ask: Ask) -> list[Node]:
    """What stands beside the title: spans of time, ways to other pages."""
    links = [
        anchor(link, ask, f"nx-button{' primary' if place == 0 else ''}")
        for place, link in enumerate(ask.page.links)
    ]
    spans = [_windows(ask)] if _has_window(ask.page) else []
    return [*spans, *links]


def around(page: Page, widget: Widget) -> list[Widget]:
    """The widget and the groups it is in."""
    return [
        each
        for each in all_widgets(page.body)
        if any(inner is widget for inner in all_widgets([each]))
    ]


def _has_window(page: Page) -> bool:
    return any(_spans(widget) for widget in all_widgets(page.body))


def _spans(widget: Widget) -> bool:
    """Whether it shows a span of time."""
    source = getattr(widget, "source", None)
    windowed = source is not None and takes(source, "window")
    return windowed or isinstance(widget, Chart)


def _windows(ask: Ask) -> Node:
    chosen = None if "from" in ask.params else ask.params.get("window", ask.page.window)
    links = [
        h(
            "a",
            {
                "href": ask.here({**_ANYTIME, "window": span}),
                "aria-current": "true" if span == chosen else None,
            },
            span,
        )
        for span in ask.page.windows
    ]
    return h("nav", {"class": "nx-windows", "aria-label": say("Span of time")}, links)


_ANYTIME: Mapping[str, str | None] = {"from": None, "to": None, "points": None}
