"""Facts about one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nxforge_core.api.pages import Detail, Fact
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h

from ._frame import empty, frame, listed
from ._value import value

__all__ = ["show_detail"]


async def show_detail(widget: Detail, ask: Ask) -> Node:
    """Ask for the facts and list them."""
    facts = _facts(await ask.content(widget.source))
    if not facts:
        return frame(widget, ask, empty(widget.empty))
    return frame(
        widget, ask, h("dl", {"class": "nx-facts"}, [_row(f, ask) for f in facts])
    )


def _facts(content: object) -> Sequence[Fact]:
    if isinstance(content, Mapping):
        return [Fact(str(label), given) for label, given in content.items()]
    return listed(content, Fact, "a list of Fact, or a mapping")


def _row(fact: Fact, ask: Ask) -> Node:
    shown = value(fact.value, ask, fact.kind, fact.unit, fact.places)
    more = h("dd", {"class": "hint"}, fact.help) if fact.help else None
    return h("div", None, h("dt", None, fact.label), h("dd", None, shown), more)
