"""Widgets of nothing but words."""

from __future__ import annotations

import msgspec

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Empty, Notice, Text
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._markdown import markdown
from nxforge_core.ui._tree import Node, h, hidden_text

from ._frame import anchor, frame

__all__ = ["notice_box", "show_empty", "show_notice", "show_text"]

say = load_texts("nxforge_core")


async def show_text(widget: Text, ask: Ask) -> Node:
    """The text with its marks."""
    below = ask.level + 1 if widget.title else ask.level
    inside = msgspec.structs.replace(ask, level=below)
    return frame(widget, ask, *markdown(widget.text, inside))


async def show_notice(widget: Notice, ask: Ask) -> Node:
    """The sentence."""
    return frame(widget, ask, notice_box(widget, ask), bare=True)


def notice_box(notice: Notice, ask: Ask) -> Node:
    """The sentence in its box."""
    more = anchor(notice.link, ask) if notice.link else None
    said = hidden_text(say(notice.level), ": ")
    words = h("p", None, said, notice.text, " ", more)
    role = "alert" if notice.level == "bad" else None
    return h("div", {"class": f"nx-notice-box l-{notice.level}", "role": role}, words)


async def show_empty(widget: Empty, ask: Ask) -> Node:
    """What will be here, and the way to it."""
    way = anchor(widget.link, ask, "nx-button primary") if widget.link else None
    text = h("p", None, widget.text) if widget.text else None
    return frame(widget, ask, h("div", {"class": "nx-empty-box"}, text, way))
