"""The value that stands beside a label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal

from selectolax.lexbor import LexborNode

from ._html import shown_text, words
from ._pattern import search
from ._whole import texts_with

__all__ = ["Direction", "LabelMatch", "comparison", "find_beside"]

Direction = Literal["right", "left", "below"]
LabelMatch = Literal["exact", "contains", "regex"]

_CELLS: Final = frozenset({"td", "th"})
_HOLDERS: Final = _CELLS | {"dd", "dt", "li", "p"}
_INLINE: Final = frozenset(
    [
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "label",
        "legend",
        "s",
        "small",
        "span",
        "strong",
        "tt",
        "u",
    ]
)
_UNSEEN: Final = frozenset({"noscript", "script", "style", "template"})
_AROUND: Final = " :\t\n\r\f"
_MAX_LABEL: Final = 200
_MAX_SPAN: Final = 100


def find_beside(
    root: LexborNode, label: str, match: LabelMatch, direction: Direction, nth: int
) -> tuple[list[str], int]:
    """Find the values beside a label.

    Args:
        root: Where to look.
        label: What the label says; case, white space and a colon at its end do not
            matter, a regex is taken as it is.
        match: How to compare.
        direction: Where the value stands.
        nth: Which cell in that direction, counted from 1.

    Returns:
        The text of each value found, in the page's order, and how many labels match.
    """
    # A cell that is the label as a whole goes before a word of a longer text.
    whole: list[str] = []
    partial: list[str] = []
    labels = 0
    fits = comparison(label, match)
    for element, is_whole in _labelled(_texts(root, label, match), fits):
        labels += 1
        value = _beside(element, direction, nth)
        if value is not None:
            (whole if is_whole else partial).append(value)
    return whole or partial, labels


def comparison(label: str, match: LabelMatch) -> Callable[[str], bool]:
    """Return what tells whether a text is the label."""
    wanted = _plain(label)
    match match:
        case "exact":
            return lambda text: _plain(text) == wanted
        case "contains":
            return lambda text: wanted in _plain(text)
        case "regex":
            return lambda text: search(label, text) is not None


def _texts(root: LexborNode, label: str, match: LabelMatch) -> Iterable[LexborNode]:
    """The text nodes that may be the label, or a part of it."""
    wanted = _plain(label)
    if match != "exact":
        return _all_texts(root, lambda text: not text.isspace())
    found = texts_with(root, wanted) if wanted else None
    return _all_texts(root, _glance(wanted)) if found is None else found


def _all_texts(root: LexborNode, may_be: Callable[[str], bool]) -> Iterator[LexborNode]:
    for node in root.traverse(include_text=True):
        text = node.text_content  # only texts have one
        if text and may_be(text):
            yield node


def _glance(wanted: str) -> Callable[[str], bool]:
    """Whether a text may be part of the label: cheap, and right where it says no."""

    def may_be(text: str) -> bool:
        part = text.strip(_AROUND).casefold()
        if part in wanted:
            return part != ""
        # What normalising would change has to be normalised to tell.
        return "  " in part or not part.isprintable()

    return may_be


def _plain(text: str) -> str:
    return words(text).strip(" :").casefold()


def _labelled(
    texts: Iterable[LexborNode], fits: Callable[[str], bool]
) -> Iterator[tuple[LexborNode, bool]]:
    # From the text upwards, so that the smallest element with the text is the label
    # and not the page that contains it all.
    seen: set[int] = set()
    for node in texts:
        parent = node.parent
        if parent is None or parent.tag in _UNSEEN:
            continue
        for rank, holder in enumerate(_holders(parent)):
            if holder.mem_id in seen:
                continue
            seen.add(holder.mem_id)
            if fits(_short_text(holder)):
                yield holder, rank == 0
                break


def _holders(parent: LexborNode) -> list[LexborNode]:
    # <td><b>Total</b> energy</td> is one label; <p><b>Total</b> 5 kWh</p> is not.
    node = parent
    while node.tag in _INLINE and node.parent is not None:
        node = node.parent
    if node == parent or node.tag not in _HOLDERS:
        return [parent]
    return [node, parent]


def _short_text(node: LexborNode) -> str:
    text: list[str] = []
    size = 0
    for each in node.traverse(include_text=True):
        if each.is_text_node:
            part = each.text_content or ""
            text.append(part)
            size += len(part.strip())
            if size > _MAX_LABEL:
                break
    return words("".join(text))


def _beside(element: LexborNode, direction: Direction, nth: int) -> str | None:
    if element.tag in _CELLS:
        cell = _cell_beside(element, direction, nth)
        return None if cell is None else shown_text(cell)
    if direction == "right" and nth == 1 and (text := _text_after(element)):
        return text
    found = _sibling(element, direction, nth)
    return None if found is None else shown_text(found)


def _cell_beside(cell: LexborNode, direction: Direction, nth: int) -> LexborNode | None:
    row = cell.parent
    if row is None or direction != "below":
        return _sibling(cell, direction, nth, _CELLS)
    column = sum(_span(c) for c in _before(cell))
    below = _sibling(row, "right", nth, frozenset({"tr"}))
    position = 0
    for each in below.iter() if below is not None else ():
        if each.tag in _CELLS:
            if position == column:
                return each
            position += _span(each)
    return None


def _before(cell: LexborNode) -> Iterator[LexborNode]:
    node = cell.prev
    while node is not None:
        if node.tag in _CELLS:
            yield node
        node = node.prev


def _span(cell: LexborNode) -> int:
    text = cell.attributes.get("colspan") or "1"
    return min(int(text), _MAX_SPAN) if text.isascii() and text.isdigit() else 1


def _sibling(
    element: LexborNode,
    direction: Direction,
    nth: int,
    tags: frozenset[str] | None = None,
) -> LexborNode | None:
    node: LexborNode | None = element
    while node is not None and nth > 0:
        node = node.prev if direction == "left" else node.next
        if node is not None and node.is_element_node and node.tag != "br":
            nth -= tags is None or node.tag in tags
    return node


def _text_after(element: LexborNode) -> str:
    # <b>Power:</b> 5 W<br> has its value in no element of its own.
    node = element.next
    text = ""
    while node is not None and node.is_text_node:
        text += node.text_content or ""
        node = node.next
    return words(text).strip(" :=")
