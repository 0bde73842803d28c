"""Steps in order, each with the way to do it."""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Checklist, Step
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h, hidden_text

from ._deed import deed_form, told
from ._frame import anchor, frame, listed

__all__ = ["show_checklist"]

say = load_texts("nxforge_core")


async def show_checklist(widget: Checklist, ask: Ask) -> Node:
    """Ask for the steps and list them; without any the card takes no room."""
    steps = listed(await ask.content(widget.source), Step)
    if not steps:
        card = frame(widget, ask)
        card.attributes["hidden"] = True
        return card
    first = next((each for each in steps if not each.done), None)
    lines = [_line(each, ask, now=each is first) for each in steps]
    done = sum(each.done for each in steps)
    words = say("{n} of {all} done").format(n=done, all=len(steps))
    count = h("span", {"class": "nx-quiet"}, words)
    tools = [count, *_dismiss(widget, ask)]
    trouble = told(ask, ask.name(widget))
    return frame(
        widget, ask, trouble, h("ol", {"class": "nx-steps"}, lines), tools=tools
    )


def _line(step: Step, ask: Ask, *, now: bool) -> Node:
    """The first one that is open is what comes next: its button says so."""
    state = "done" if step.done else "open"
    mark = h("span", {"class": "mark", "aria-hidden": "true"})
    told_state = say("done") if step.done else say("open")
    title = h("strong", None, step.title, hidden_text(f", {told_state}"))
    text = h("p", {"class": "nx-quiet"}, step.text) if step.text else None
    style = f"nx-button{' primary' if now else ''}"
    way = anchor(step.link, ask, style) if step.link else None
    facts = {"class": state, "aria-current": "step" if now else None}
    return h("li", facts, mark, h("div", None, title, text), way)


def _dismiss(widget: Checklist, ask: Ask) -> Sequence[Node]:
    if widget.dismiss is None:
        return []
    facts = {"class": "nx-button small", "type": "submit"}
    button = h("button", facts, say("Do not show again"))
    return [deed_form(ask, ask.name(widget), [button])]
