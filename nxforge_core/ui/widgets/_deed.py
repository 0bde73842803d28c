"""Forms that do something: sent to the page's own address."""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h

__all__ = ["WIDGET", "deed_form", "told"]

#: Field that says which widget of the page is meant.
WIDGET = "nx-widget"


def deed_form(
    ask: Ask, name: str, children: Sequence[Node | None], class_: str | None = None
) -> Node:
    """A form whose content goes to the widget of this name."""
    facts = {
        "method": "post",
        "action": ask.here({}),
        "class": class_,
        "data-deed": True,
        "novalidate": True,
    }
    kept = h("input", {"type": "hidden", "name": WIDGET, "value": name})
    return h("form", facts, kept, list(children))


def told(ask: Ask, name: str) -> Node | None:
    """What went wrong with what was sent to this widget."""
    trouble = ask.trouble
    if trouble is None or trouble.widget != name or not trouble.message:
        return None
    words = f"{trouble.message} {trouble.remedy}".strip()
    return h("p", {"class": "nx-wrong", "role": "alert"}, words)
