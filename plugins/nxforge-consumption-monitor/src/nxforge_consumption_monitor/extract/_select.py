"""Steps that find the value in the page."""

from __future__ import annotations

from decimal import Decimal
from functools import singledispatch
from typing import TypeVar

import msgspec
from selectolax.lexbor import LexborNode

from ._column import find_in_columns
from ._errors import (
    NumberError,
    SelectorMissingError,
    SelectorRepeatedError,
    TooLargeError,
    UnexpectedContentError,
)
from ._html import own_text, select, shown_text
from ._json import Json, decode_json, decode_script, looks_like_markup, show_json
from ._label import find_beside
from ._number import bounded, parse_number
from ._page import Document
from ._path import find
from ._pattern import MAX_PATTERN_TEXT, search
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
from ._telegram import find_key
from ._xml import find_xml, parse_xml

__all__ = ["find_value", "json_of", "number_of", "text_of"]

T = TypeVar("T")


@singledispatch
def find_value(step: object, state: State, document: Document) -> State:
    """Carry out a step that looks for a value.

    Raises:
        ExtractionError: It is not there.
    """
    raise NotImplementedError(step, state, document)


def text_of(state: State, document: Document) -> str:
    """The text so far: of the page, or of the value a step found."""
    match state.kind:
        case "page":
            return document.decoded(state.charset).text
        case "json":
            return (
                state.value if isinstance(state.value, str) else show_json(state.value)
            )
        case "text" | "number":
            return state.text


def json_of(state: State, document: Document) -> Json:
    """The JSON so far: of the page, of a text a step found, or what a path selected."""
    match state.kind:
        case "page":
            return document.json(state.charset)
        case "json":
            inner = state.value
            return decode_json(inner) if isinstance(inner, str) else inner
        case "text" | "number":
            return decode_json(state.text)


def number_of(value: Json) -> Decimal:
    """The number a JSON value is; a text is read as `number` does.

    Raises:
        NumberError: It is none: null, true and objects are no zeros.
    """
    if isinstance(value, Decimal):
        return bounded(value, show_json(value))
    if isinstance(value, str):
        return parse_number(value).value
    raise NumberError(reason="no_number", text=show_json(value))


@find_value.register
def _(step: JsonStep, state: State, document: Document) -> State:
    data = _script(step.from_script, state, document) if step.from_script else None
    found = find(step.path, json_of(state, document) if data is None else data)
    if step.select == "count":
        return _json(state, Decimal(len(_elements(found))))
    items = found if step.select == "only" else _elements(found)
    if step.default is not None:
        items = [step.default if item is None else item for item in items]
        items = items or [step.default]
    if not items:
        raise SelectorMissingError(kind="path", selector=step.path)
    return _json(state, _selected(step, items))


def _script(selector: str, state: State, document: Document) -> Json:
    node = _one(select(selector, *document.tree(state.charset)), selector, None)
    return decode_script(node.text())


def _elements(found: list[Json]) -> list[Json]:
    # A scalar becomes an array with some firmware updates; both mean their elements.
    return found[0] if len(found) == 1 and isinstance(found[0], list) else found


def _selected(step: JsonStep, items: list[Json]) -> Json:
    match step.select:
        case "sum":
            return sum((number_of(item) for item in items), Decimal(0))
        case "min":
            return min(number_of(item) for item in items)
        case "max":
            return max(number_of(item) for item in items)
        case "last":
            return items[-1]
    if step.select == "only" and len(items) > 1:
        remedy = "set 'select' to first, last, sum, min or max, or narrow the path"
        raise SelectorRepeatedError(
            kind="path", selector=step.path, count=len(items), remedy=remedy
        )
    return items[0]


def _json(state: State, value: Json) -> State:
    return msgspec.structs.replace(state, kind="json", value=value)


@find_value.register
def _(step: CssStep, state: State, document: Document) -> State:
    nodes = select(step.selector, *document.tree(state.charset))
    node = _one(nodes, step.selector, step.index)
    if step.attribute is not None:
        text = node.attributes.get(step.attribute)
        if text is None:
            raise SelectorMissingError(
                kind="attribute",
                selector=step.attribute,
                near=f"{node.tag} with {_names(node)}",
            )
        return _text(state, text)
    return _text(state, own_text(node) if step.own_text else shown_text(node))


def _names(node: LexborNode) -> str:
    return ", ".join(list(node.attributes)[:10]) or "no attributes"


def _one(nodes: list[LexborNode], selector: str, index: int | None) -> LexborNode:
    return _picked(nodes, "selector", selector, index)


def _picked(found: list[T], kind: str, selector: str, index: int | None) -> T:
    if not found:
        raise SelectorMissingError(kind=kind, selector=selector)
    if index is None and len(found) > 1:
        remedy = f"narrow the {kind}, or set 'index' (0 is the first, -1 the last)"
        raise SelectorRepeatedError(
            kind=kind, selector=selector, count=len(found), remedy=remedy
        )
    wanted = index or 0
    if not -len(found) <= wanted < len(found):
        near = f"{len(found)} matches, index {wanted} is not among them"
        raise SelectorMissingError(kind=kind, selector=selector, near=near)
    return found[wanted]


def _part(within: str | None, state: State, document: Document) -> LexborNode:
    root, survey = document.tree(state.charset)
    if within is None:
        return root
    return _one(select(within, root, survey), within, None)


@find_value.register
def _(step: LabelStep, state: State, document: Document) -> State:
    root = _part(step.within, state, document)
    values, labels = find_beside(root, step.label, step.match, step.direction, step.nth)
    if not values:
        near = (
            f"{labels} such labels without a value {step.direction}" if labels else ""
        )
        raise SelectorMissingError(kind="label", selector=step.label, near=near)
    if len(set(values)) > 1:
        remedy = "set 'within' to a selector of the part of the page that is meant"
        raise SelectorRepeatedError(
            kind="label", selector=step.label, count=len(values), remedy=remedy
        )
    return _text(state, values[0])


@find_value.register
def _(step: ColumnStep, state: State, document: Document) -> State:
    root = _part(step.within, state, document)
    values, columns = find_in_columns(root, step.header, step.match, step.row)
    if not values:
        near = f"{columns} such columns without the row {step.row!r}" if columns else ""
        raise SelectorMissingError(kind="header", selector=step.header, near=near)
    if len(values) > 1:
        remedy = "set 'within' to a selector of the table that is meant, or 'row' to a "
        raise SelectorRepeatedError(
            kind="header",
            selector=step.header,
            count=len(values),
            remedy=f"{remedy}number or to what only that row says",
        )
    return _text(state, values[0])


@find_value.register
def _(step: XmlStep, state: State, document: Document) -> State:
    is_page = state.kind == "page"
    root = (
        document.xml(state.charset) if is_page else parse_xml(text_of(state, document))
    )
    found = find_xml(step.path, root)
    return _text(state, _picked(found, "path", step.path, step.index))


@find_value.register
def _(step: RegexStep, state: State, document: Document) -> State:
    text = text_of(state, document)
    if len(text) > MAX_PATTERN_TEXT:
        raise TooLargeError(step="regex", size=len(text), limit=MAX_PATTERN_TEXT)
    found = search(step.pattern, text, step.group)
    if found is None:
        raise SelectorMissingError(kind="pattern", selector=step.pattern)
    return _text(state, found[0])


@find_value.register
def _(step: KvStep, state: State, document: Document) -> State:
    text = text_of(state, document)
    if state.kind == "page" and looks_like_markup(text):
        raise UnexpectedContentError(expected="lines of keys and values", text=text)
    lines = find_key(text, step.key, step.separator)
    if not lines:
        raise SelectorMissingError(kind="key", selector=step.key)
    if len(lines) > 1:
        remedy = "use the full key, such as '1-0:1.8.0', or a regex step"
        raise SelectorRepeatedError(
            kind="key", selector=step.key, count=len(lines), remedy=remedy
        )
    values = lines[0]
    if not -len(values) <= step.index < len(values):
        near = f"it with {len(values)} values, index {step.index} is not among them"
        raise SelectorMissingError(kind="key", selector=step.key, near=near)
    return _text(state, values[step.index])


def _text(state: State, text: str) -> State:
    return msgspec.structs.replace(state, kind="text", text=text)
