"""What is shown, as a tree: written as HTML once, sent as JSON to pages that are open.

There is no other way from a value to a page. A value can only become a text or an
attribute's value, so whatever a plugin says, the elements are those of our code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final, TypeAlias

import msgspec

__all__ = ["Attributes", "Node", "h", "hidden_text", "plain", "to_html"]

Attributes: TypeAlias = Mapping[str, object]

_VOID: Final = frozenset({"br", "col", "hr", "img", "input", "link", "meta"})


class Node(msgspec.Struct, frozen=True, array_like=True):
    """One element; `True` is an attribute without a value."""

    tag: str
    attributes: dict[str, str | bool]
    children: list[Node | str]


def h(tag: str, attributes: Attributes | None = None, *children: object) -> Node:
    """Make an element.

    Args:
        tag: Its name.
        attributes: Those that are None or False are left out.
        children: Elements, lists of them, and values that become text; None is nothing.
    """
    kept: dict[str, str | bool] = {
        name: value if value is True else plain(value)
        for name, value in (attributes or {}).items()
        if value is not None and value is not False
    }
    return Node(tag, kept, list(_flat(children)))


def hidden_text(*words: object) -> Node:
    """Words for those who do not see the page."""
    return h("span", {"class": "nx-hidden"}, *words)


def plain(value: object) -> str:
    """Text that nothing vouches for, so that it is escaped, and that can be encoded."""
    text = str(value)
    return text if text.isascii() else text.encode(errors="replace").decode()


def to_html(node: Node | str) -> str:
    """Write the tree."""
    return "".join(_written(node))


def _flat(children: tuple[object, ...] | list[object]) -> Iterator[Node | str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Node):
            yield child
        elif isinstance(child, list | tuple):
            yield from _flat(child)
        else:
            yield plain(child)


def _written(node: Node | str) -> Iterator[str]:
    if isinstance(node, str):
        yield escape(node)
        return
    yield f"<{node.tag}"
    for name, value in node.attributes.items():
        yield f" {name}" if value is True else f' {name}="{escape(str(value))}"'
    yield ">"
    if node.tag not in _VOID:
        for child in node.children:
            yield from _written(child)
        yield f"</{node.tag}>"
