"""The card around a widget: its title, how old its content is, and what failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from nxforge_core.api import NxForgeError, load_texts
from nxforge_core.api.pages import Filled, Link, Part
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h
from nxforge_core.ui._words import stamp

__all__ = ["ContentError", "anchor", "empty", "failed", "frame", "listed", "moment"]

say = load_texts("nxforge_core")

T = TypeVar("T")


class ContentError(TypeError):
    """A source answers something else than its widget shows."""

    def __init__(self, answered: object, wanted: str) -> None:
        kind = type(answered).__name__
        super().__init__(f"the source answered {kind}, not {wanted}")


def listed(content: object, kind: type[T], wanted: str = "") -> Sequence[T]:
    """What a source answered, if it is a list of this kind.

    Args:
        content: The answer.
        kind: Of each of its items.
        wanted: In words; empty: a list of the kind.

    Raises:
        ContentError: it is no list, or something else is in it.
    """
    name = kind.__name__
    if not isinstance(content, list | tuple):
        raise ContentError(content, wanted or f"a list of {name}")
    for each in content:
        if not isinstance(each, kind):
            raise ContentError(each, f"a {name}")
    return content


def frame(
    widget: Part,
    ask: Ask,
    *body: object,
    tools: Sequence[Node] = (),
    bare: bool = False,
    untitled: bool = False,
) -> Node:
    """The card.

    Args:
        widget: What it is of.
        ask: The look it is shown to.
        body: What is in it.
        tools: At the end of the title's line.
        bare: Without a border: what is inside has some of its own.
        untitled: What is inside says the title.
    """
    name, title = ask.name(widget), getattr(widget, "title", "")
    kind = str(widget.__struct_config__.tag)
    filled = widget if isinstance(widget, Filled) else None
    attributes = {
        "class": f"nx-card nx-{kind} w-{widget.width}{' bare' if bare else ''}",
        "id": name,
        "data-card": f"{ask.plugin}/{ask.page.name}/{name}",
        "data-live": _live(filled),
        "data-every": f"{filled.every:g}" if filled and filled.every else None,
        "data-at": ask.now.isoformat() if filled else None,
    }
    age = [h("span", {"class": "nx-age"}, moment(ask))] if filled else []
    head = h(
        "header",
        {"class": "nx-card-head"},
        h(f"h{ask.level}", None, title),
        h("div", {"class": "nx-tools"}, list(tools), age),
    )
    return h("article", attributes, head if title and not untitled else None, *body)


def failed(widget: Part, ask: Ask, error: BaseException) -> Node:
    """The card of a widget that cannot be shown."""
    known = error if isinstance(error, NxForgeError) else None
    why = known.message if known else f"{type(error).__name__}: the log has the details"
    words = [
        h("p", {"role": "alert"}, say("This could not be shown. "), why),
        h("p", None, known.remedy) if known and known.remedy else None,
        h(
            "p",
            None,
            h("a", {"href": ask.here({}), "data-again": True}, say("Try again")),
        ),
    ]
    card = frame(widget, ask, h("div", {"class": "nx-failed"}, words))
    card.attributes["data-failed"] = True
    return card


def empty(words: str) -> Node:
    """What stands where there is nothing."""
    return h("p", {"class": "nx-empty-words"}, words)


def anchor(link: Link, ask: Ask, class_: str | None = None) -> Node:
    """A link as an element."""
    href = ask.href(link)
    away = href.startswith("http")
    rel = "noreferrer" if away else None
    return h("a", {"href": href, "class": class_, "rel": rel}, link.text)


def moment(ask: Ask) -> Node:
    """When the content was asked for."""
    facts = {"datetime": ask.now.isoformat(), "data-age": True}
    return h("time", facts, stamp(ask.now))


def _live(widget: Filled | None) -> str | None:
    if widget is None or not widget.live:
        return None
    names = (widget.live,) if isinstance(widget.live, str) else widget.live
    return ",".join(names)
