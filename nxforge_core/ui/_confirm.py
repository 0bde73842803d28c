"""The question before something that cannot be taken back, for who has no script."""

from __future__ import annotations

from nxforge_core.api import load_texts

from ._ask import Ask
from ._deeds import Sent, Wish
from ._tree import Node, h

__all__ = ["confirmation"]

say = load_texts("nxforge_core")


def confirmation(wish: Wish, ask: Ask, sent: Sent) -> Node:
    """The question with the way on and the way back."""
    pairs = [(n, t) for n, t in sent.fields.items() if n != "key"]
    pairs += [("key", key) for key in sent.keys]
    kept = [
        h("input", {"type": "hidden", "name": name, "value": text})
        for name, text in [*pairs, ("nx-sure", "1")]
    ]
    buttons = h(
        "div",
        {"class": "nx-form-end"},
        h("button", {"class": "nx-button danger", "type": "submit"}, wish.title),
        h("a", {"class": "nx-button", "href": ask.here({})}, say("Cancel")),
    )
    form = h("form", {"method": "post", "action": ask.here({})}, kept, buttons)
    words = h("p", None, wish.confirm)
    title = h("h2", None, wish.title)
    return h("article", {"class": "nx-card"}, title, words, form)
