"""Buttons."""

from __future__ import annotations

from nxforge_core.api.pages import Action
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h

from ._deed import deed_form, told
from ._frame import frame

__all__ = ["show_action"]


async def show_action(widget: Action, ask: Ask) -> Node:
    """The button, and what stands beside it."""
    name = ask.name(widget)
    facts = {
        "class": f"nx-button {widget.style}",
        "type": "submit",
        "data-confirm": widget.confirm or None,
    }
    text = h("p", None, widget.text) if widget.text else None
    button = h("button", facts, widget.title)
    form = deed_form(ask, name, [text, button, told(ask, name)], "nx-deed")
    return frame(widget, ask, form, untitled=True)
