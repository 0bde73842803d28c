"""Numbers on a page, by what a person reads beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from nxforge_consumption_monitor.extract import (
    ColumnStep,
    CssStep,
    LabelStep,
    RuleError,
    Step,
    shown_text,
)

from ._grid import headers_of
from ._proposal import How, Proposal

__all__ = ["html_proposals", "script_selector"]

_MAX_TEXTS: Final = 3_000
_MAX_SHOWN: Final = 300
_MAX_LABEL: Final = 100
_CELLS: Final = frozenset({"td", "th"})
_HOLDERS: Final = _CELLS | {"dd", "div", "li", "output", "p"}
_INLINE: Final = frozenset({"a", "b", "big", "em", "font", "i", "small", "strong", "u"})
_UNSEEN: Final = frozenset({"noscript", "script", "style", "template"})
_IDENT: Final = re.compile(r"[A-Za-z_][\w-]*")


def html_proposals(root: LexborNode) -> Iterator[Proposal]:
    """All numbers a person sees, by label, header, id, class and position."""
    seen: set[int] = set()
    for holder in _holders(root):
        if holder.mem_id in seen:
            continue
        seen.add(holder.mem_id)
        text = shown_text(holder)
        if len(text) <= _MAX_SHOWN:
            yield from _beside(holder, text)
            yield from _columns(holder, text)
            yield from _selectors(holder, text)


def _holders(root: LexborNode) -> Iterator[LexborNode]:
    count = 0
    for node in root.traverse(include_text=True):
        if node.is_text_node:
            text = node.text_content or ""
            parent = node.parent
            is_seen = parent is not None and parent.tag not in _UNSEEN
            if not is_seen or parent is None or not any(c.isdigit() for c in text):
                continue
            yield parent
            outer = parent.parent
            if parent.tag in _INLINE and outer is not None and outer.tag in _HOLDERS:
                yield outer
        elif node.tag == "input" and node.attributes.get("value"):
            yield node
        else:
            continue
        count += 1
        if count >= _MAX_TEXTS:
            return


def _beside(holder: LexborNode, text: str) -> Iterator[Proposal]:
    is_cell = holder.tag in _CELLS
    unit = _unit_behind(holder) if is_cell else ""
    node, nth = holder.prev, 0
    while node is not None and nth < 3:  # noqa: PLR2004 - further is no label
        if (
            node.is_element_node
            and node.tag != "br"
            and (node.tag in _CELLS) >= is_cell
        ):
            nth += 1
            label = " ".join(shown_text(node).split()).rstrip(" :")
            if _is_label(label):
                step = LabelStep(label=label, nth=nth)
                yield Proposal(
                    how="label", steps=(step,), text=text, hint=label, unit=unit
                )
                return
        node = node.prev
    yield from _after_label(holder)


def _after_label(holder: LexborNode) -> Iterator[Proposal]:
    # <p><b>Power:</b> 5 W</p> has its value in no element of its own.
    for child in holder.iter(include_text=True):
        text = (child.text_content or "") if child.is_text_node else ""
        label = child.prev
        if not any(c.isdigit() for c in text) or label is None or label.is_text_node:
            continue
        words = " ".join(shown_text(label).split()).rstrip(" :")
        if _is_label(words):
            step = LabelStep(label=words)
            yield Proposal(how="label", steps=(step,), text=text, hint=words)


def _is_label(text: str) -> bool:
    # What begins with a digit is a value itself, and changes.
    is_short = 0 < len(text) <= _MAX_LABEL
    return is_short and any(c.isalpha() for c in text) and text[0] not in "+-0123456789"


def _unit_behind(cell: LexborNode) -> str:
    node = cell.next
    while node is not None and not node.is_element_node:
        node = node.next
    text = "" if node is None else shown_text(node).strip(" \u00a0")
    return text if len(text) <= 6 and text.replace("·", "").isalpha() else ""  # noqa: PLR2004 - a unit is short


def _columns(holder: LexborNode, text: str) -> Iterator[Proposal]:
    if holder.tag not in _CELLS:
        return
    for header, row in headers_of(holder):
        try:
            step = ColumnStep(header=header, row=row)
        except RuleError:
            continue
        how: How = "column" if isinstance(row, str) else "position"
        yield Proposal(how=how, steps=(step,), text=text, hint=header)


def _selectors(holder: LexborNode, text: str) -> Iterator[Proposal]:
    hint = holder.attributes.get("id") or holder.attributes.get("name") or ""
    for how, selector in _selectors_of(holder):
        try:
            steps: tuple[Step, ...] = (CssStep(selector=selector),)
        except RuleError:
            continue
        yield Proposal(how=how, steps=steps, text=text, hint=hint)


def _selectors_of(holder: LexborNode) -> Iterator[tuple[How, str]]:
    identity, name = holder.attributes.get("id"), holder.attributes.get("name")
    if identity and _IDENT.fullmatch(identity):
        yield "id", f"#{identity}"
    if name and _IDENT.fullmatch(name):
        yield "id", f'{holder.tag}[name="{name}"]'
    for word in (holder.attributes.get("class") or "").split()[:3]:
        if _IDENT.fullmatch(word):
            yield "class", f"{holder.tag}.{word}"
    yield "position", _position(holder)


def script_selector(script: LexborNode) -> str:
    """Selector of one script element: by its id or type, or by its position."""
    identity, kind = script.attributes.get("id"), script.attributes.get("type")
    if identity and _IDENT.fullmatch(identity):
        return f"script#{identity}"
    if kind and "json" in kind and '"' not in kind:
        return f'script[type="{kind}"]'
    return _position(script)


def _position(node: LexborNode) -> str:
    parts: list[str] = []
    at: LexborNode | None = node
    while at is not None and at.tag not in {"html", "-document"} and len(parts) < 12:  # noqa: PLR2004 - a longer one breaks at once
        identity = at.attributes.get("id")
        if identity and _IDENT.fullmatch(identity) and parts:
            parts.append(f"#{identity}")
            break
        parts.append(f"{at.tag}:nth-of-type({_rank(at)})")
        at = at.parent
    return " > ".join(reversed(parts))


def _rank(node: LexborNode) -> int:
    rank, other = 1, node.prev
    while other is not None:
        rank += other.tag == node.tag
        other = other.prev
    return rank
