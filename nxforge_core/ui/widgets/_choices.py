"""Rows of ways, and sentences that are not always there."""

from __future__ import annotations

from nxforge_core.api.pages import Choice, Choices, Link, Notice, Notices
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h

from ._frame import anchor, frame, listed
from ._simple import notice_box

__all__ = ["show_choices", "show_notices"]


async def show_choices(widget: Choices, ask: Ask) -> Node:
    """Ask what there is to choose from and show each row."""
    rows = listed(await ask.content(widget.source), Choice)
    lines = [_row(each, ask) for each in rows]
    return frame(widget, ask, h("dl", {"class": "nx-choice-rows"}, lines))


async def show_notices(widget: Notices, ask: Ask) -> Node:
    """Ask what should not be missed and show it."""
    notices = listed(await ask.content(widget.source), Notice)
    return frame(widget, ask, *[notice_box(each, ask) for each in notices], bare=True)


def _row(choice: Choice, ask: Ask) -> Node:
    ways = [_way(each, choice.chosen, ask) for each in choice.links]
    return h(
        "div",
        {"data-key": choice.label},
        h("dt", None, choice.label),
        h("dd", {"class": "nx-ways"}, ways),
    )


def _way(link: Link, chosen: str, ask: Ask) -> Node:
    way = anchor(link, ask)
    if link.text == chosen:
        way.attributes["aria-current"] = "true"
    return way
