"""Numbers in XML, by elements and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nxforge_consumption_monitor.extract import RuleError, XmlStep, XmlTree

from ._proposal import How, Proposal

__all__ = ["xml_proposals"]

_MAX_NODES: Final = 10_000
_NAME: Final = re.compile(r"[\w .:/+-]{1,60}")
_LEVELS: Final = 3
_UNIT_NAMES: Final = frozenset({"unit", "units", "uom"})


def xml_proposals(root: XmlTree) -> Iterator[Proposal]:
    """All numbers of elements without inner ones, and of attributes."""
    for count, element in enumerate(root.iter("*")):
        if count >= _MAX_NODES:
            return
        if not len(element) and element.text:
            yield from _told(element, "", element.text)
        for name, value in _attributes(element).items():
            yield from _told(element, f"/@{name}", value)


def _told(element: XmlTree, tail: str, text: str) -> Iterator[Proposal]:
    if not any(c.isdigit() for c in text[:100]):
        return
    places: tuple[tuple[str, How], ...] = (
        (_path(element, named=True), "key"),
        (_path(element, named=False), "key"),
        (element.getroottree().getpath(element), "index"),
    )
    for path, how in dict.fromkeys(places):
        try:
            step = XmlStep(path=path + tail)
        except RuleError:
            continue
        hint, unit = str(element.tag), _unit_of(element)
        yield Proposal(how=how, steps=(step,), text=text, hint=hint, unit=unit)


def _unit_of(element: XmlTree) -> str:
    # In an attribute of the value, or in an element beside it.
    for name, value in _attributes(element).items():
        if name.lower() in _UNIT_NAMES:
            return value
    parent = element.getparent()
    for other in () if parent is None else parent:
        if str(other.tag).lower() in _UNIT_NAMES:
            return (other.text or "").strip()
    return ""


def _path(element: XmlTree, *, named: bool) -> str:
    parts: list[str] = []
    at: XmlTree | None = element
    while at is not None and len(parts) < _LEVELS:
        condition = _condition(at, parts) if named else ""
        parts.append(f"{at.tag!s}{condition}")
        at = at.getparent()
        if condition:
            break
    return "/".join(reversed(parts))


def _condition(element: XmlTree, below: list[str]) -> str:
    # What an element says it is: its id, or the text of an element beside the value.
    for name, value in _attributes(element).items():
        is_id = name in {"id", "identifier"}
        is_name = is_id or not value[:1].isdigit()
        if name.lower() not in _UNIT_NAMES and is_name and _NAME.fullmatch(value):
            return f'[@{name}="{value}"]'
    for child in element if below else ():
        text = (child.text or "").strip()
        is_unit = str(child.tag).lower() in _UNIT_NAMES
        is_text = not len(child) and not is_unit and not text[:1].isdigit()
        if is_text and str(child.tag) != below[-1] and _NAME.fullmatch(text):
            return f'[{child.tag!s}="{text}"]'
    return ""


def _attributes(element: XmlTree) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}
