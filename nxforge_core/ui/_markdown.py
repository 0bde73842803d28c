"""A subset of Markdown as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nxforge_core.api.pages import Link

from ._ask import Ask
from ._tree import Node, h

__all__ = ["markdown"]

_INLINE: Final = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\*\*(?P<strong>[^*]+)\*\*"
    r"|\*(?P<em>[^*\s][^*]*)\*"
    r"|\[(?P<words>[^\]]+)\]\((?P<to>[^)\s]+)\)"
)
_ITEM: Final = re.compile(r"(?:[-*]|(?P<number>\d+)\.) +(?P<text>.*)")
_HEADING: Final = re.compile(r"(#{1,3}) +(.*)")
_FENCE: Final = "```"
_DEEPEST: Final = 6


def markdown(text: str, ask: Ask) -> list[Node]:
    """The blocks of a text."""
    blocks: list[Node] = []
    lines = str(text).splitlines()
    while lines:
        if not lines[0].strip():
            lines.pop(0)
        elif lines[0].startswith(_FENCE):
            blocks.append(_code(lines))
        else:
            blocks.append(_block(_taken(lines), ask))
    return blocks


def _code(lines: list[str]) -> Node:
    lines.pop(0)
    inside: list[str] = []
    while lines and not lines[0].startswith(_FENCE):
        inside.append(lines.pop(0))
    del lines[:1]
    return h("pre", {"tabindex": "0"}, h("code", None, "\n".join(inside)))


def _taken(lines: list[str]) -> list[str]:
    """The lines of the next block, off the rest."""
    block = [lines.pop(0)]
    while lines and lines[0].strip() and not lines[0].startswith((_FENCE, "#")):
        if _HEADING.fullmatch(block[0]) or _starts_anew(block[0], lines[0]):
            break
        block.append(lines.pop(0))
    return block


def _starts_anew(first: str, line: str) -> bool:
    """Whether a list begins or ends here."""
    is_list = _ITEM.fullmatch(first) is not None
    return (_ITEM.fullmatch(line) is not None) != is_list and not line.startswith("  ")


def _block(lines: list[str], ask: Ask) -> Node:
    if heading := _HEADING.fullmatch(lines[0]):
        level = min(ask.level + len(heading[1]) - 1, _DEEPEST)
        return h(f"h{level}", None, list(_inline(heading[2], ask)))
    if lines[0].startswith("> "):
        quoted = " ".join(line.removeprefix("> ") for line in lines)
        return h("blockquote", None, h("p", None, list(_inline(quoted, ask))))
    if first := _ITEM.fullmatch(lines[0]):
        tag = "ol" if first["number"] else "ul"
        return h(
            tag, None, [h("li", None, list(_inline(x, ask))) for x in _items(lines)]
        )
    return h("p", None, list(_inline(" ".join(lines), ask)))


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if found := _ITEM.fullmatch(line):
            items.append(found["text"])
        else:
            items[-1] += f" {line.strip()}"
    return items


def _inline(text: str, ask: Ask) -> Iterator[Node | str]:
    end = 0
    for found in _INLINE.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        kind = str(found.lastgroup)
        if kind == "to":
            href = ask.href(Link(found["words"], found["to"]))
            yield h("a", {"href": href, "rel": "noreferrer"}, found["words"])
        else:
            yield h(kind, None, found[kind])
    yield text[end:]
