"""Through what a page is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ._page import Section, Tabs, Widget

__all__ = ["all_widgets", "bodies_of"]


def all_widgets(body: Sequence[Widget]) -> Iterator[Widget]:
    """Widgets and those inside of them, each before what is in it."""
    for widget in body:
        yield widget
        for inside in bodies_of(widget):
            yield from all_widgets(inside)


def bodies_of(widget: Widget) -> Sequence[Sequence[Widget]]:
    """What a widget holds of others: nothing, one body, or one for each tab."""
    if isinstance(widget, Section):
        return [widget.body]
    return [tab.body for tab in widget.tabs] if isinstance(widget, Tabs) else []
