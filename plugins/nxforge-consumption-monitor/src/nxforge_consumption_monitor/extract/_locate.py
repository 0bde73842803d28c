"""Where on a page a step found its value, for a person who looks at both."""

from __future__ import annotations

import re
from functools import singledispatch
from typing import Final

from selectolax.lexbor import LexborNode

from ._html import select
from ._page import Document
from ._path import places
from ._select import json_of, text_of
from ._state import State
from ._steps import (
    ColumnStep,
    CssStep,
    JsonStep,
    KvStep,
    LabelStep,
    RegexStep,
    XmlStep,
)
from ._telegram import line_of_key
from ._xml import parse_xml, xml_places

__all__ = ["locate", "offset_of"]

_MOST: Final = 5
_DIGITS: Final = re.compile(r"[0-9][0-9.,]*")


def offset_of(text: str, found: str, hint: str) -> int | None:
    """Where in a page's text a value stands; None where it is not printed as such.

    Args:
        text: The page.
        found: What a step took out of it.
        hint: A label or key that stands before it.
    """
    digits = _DIGITS.search(found)
    needles = [n for n in (found.strip(), digits[0] if digits else "") if n]
    start = text.find(hint) if hint else -1
    for needle in needles:
        for begin in (start + len(hint), 0) if start >= 0 else (0,):
            position = text.find(needle, begin)
            if position >= 0:
                return position
    return None


@singledispatch
def locate(step: object, state: State, document: Document) -> tuple[str, str]:
    """Tell the place a selecting step goes to, and what to look for before it.

    Other steps have none.
    """
    del step, state, document
    return "", ""


@locate.register
def _(step: JsonStep, state: State, document: Document) -> tuple[str, str]:
    keys = re.findall(r"[A-Za-z_][\w:]*", step.path)
    hint = f'"{keys[-1]}"' if keys else ""
    if step.from_script is not None:
        return f"{step.path} in the script {step.from_script}", hint
    found = places(step.path, json_of(state, document), _MOST)
    return ", ".join(found), hint


@locate.register
def _(step: CssStep, state: State, document: Document) -> tuple[str, str]:
    nodes = select(step.selector, *document.tree(state.charset))
    return _path_of(nodes[step.index or 0]), ""


@locate.register
def _(step: LabelStep, state: State, document: Document) -> tuple[str, str]:
    del state, document
    nth = f"{step.nth}. " if step.nth > 1 else ""
    hint = step.label if step.match == "exact" else ""
    return f"{nth}{step.direction} of the label {step.label!r}", hint


@locate.register
def _(step: ColumnStep, state: State, document: Document) -> tuple[str, str]:
    del state, document
    hint = step.row if isinstance(step.row, str) else step.header
    return f"column {step.header!r}, row {step.row!r}", hint


@locate.register
def _(step: XmlStep, state: State, document: Document) -> tuple[str, str]:
    is_page = state.kind == "page"
    root = (
        document.xml(state.charset) if is_page else parse_xml(text_of(state, document))
    )
    names = re.findall(r"[\w-]+", step.path.rpartition("/")[2])
    return ", ".join(xml_places(step.path, root, _MOST)), names[0] if names else ""


@locate.register
def _(step: RegexStep, state: State, document: Document) -> tuple[str, str]:
    del step, document
    return "the page" if state.kind == "page" else "the text so far", ""


@locate.register
def _(step: KvStep, state: State, document: Document) -> tuple[str, str]:
    line = line_of_key(text_of(state, document), step.key, step.separator)
    return f"line {line}", step.key


def _path_of(node: LexborNode) -> str:
    parts: list[str] = []
    at: LexborNode | None = node
    while at is not None and at.tag not in {None, "-document", "html"}:
        name = at.attributes.get("id")
        parts.append(f"{at.tag}#{name}" if name else f"{at.tag}{_rank(at)}")
        at = None if name else at.parent
    return " > ".join(reversed(parts[:20]))


def _rank(node: LexborNode) -> str:
    before, after = 0, False
    other = node.prev
    while other is not None:
        before += other.tag == node.tag
        other = other.prev
    other = node.next
    while other is not None and not after:
        after = other.tag == node.tag
        other = other.next
    return f":nth-of-type({before + 1})" if before or after else ""
