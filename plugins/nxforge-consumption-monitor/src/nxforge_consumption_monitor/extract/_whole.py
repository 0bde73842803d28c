"""Texts of a page that contain a label as a whole, found by the parser's own search."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborNode

from ._html import words

__all__ = ["texts_with"]

#: Of a label: longer ones are cut where they are compared.
_LONGEST: Final = 100
#: A text of nothing but these can make a cell the label that a paragraph in it is.
_ODD_SPACES: Final = tuple(
    space
    for space in map(chr, range(0x3001))
    if space.isspace() and space not in " \t\n\f\r"
)
#: What would end the text within a selector.
_UNQUOTABLE: Final = frozenset('"\\')


def texts_with(root: LexborNode, label: str) -> list[LexborNode] | None:
    """The text nodes with a label in them, where they are all that can be the label.

    Looking at every text of a page in Python takes three times as long.

    Args:
        root: Where to look.
        label: In lower case, without white space around it.

    Returns:
        None where only looking at every text tells: some of them may be the label in
        pieces, such as `Total <i>energy</i>`, or there are no-break spaces.
    """
    if not label.isprintable() or _UNQUOTABLE & {*label} or len(label) > _LONGEST:
        return None
    text = root.text()
    if any(space in text for space in _ODD_SPACES):
        return None
    # Text that is cut into nodes is one text here, so pieces of a label count as well.
    missing = _plain(text).count(label)
    found: list[list[LexborNode]] = []
    # From within: the element around a label is small, the page around it is not.
    for element in reversed(root.css(f'*:lexbor-contains("{label}" i)')):
        if not missing:
            break
        own = [node for node in element.iter(include_text=True) if _count(node, label)]
        missing -= sum(_count(node, label) for node in own)
        found.append(own)
    return None if missing else [node for own in reversed(found) for node in own]


def _count(node: LexborNode, label: str) -> int:
    return _plain(node.text_content).count(label)


def _plain(text: str | None) -> str:
    return words(text or "").casefold()
