"""Steps that make a number of what was found, and decide whether it counts."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from functools import singledispatch
from typing import Final

import msgspec

from ._charset import decode_text
from ._errors import (
    DecodeError,
    NotAvailableError,
    NumberError,
    UnexpectedContentError,
    UnitError,
)
from ._hexnum import read_hexnum
from ._instant import read_time
from ._json import Json, looks_like_markup, show_json
from ._number import bounded, parse_number
from ._page import Document
from ._path import find
from ._select import text_of
from ._state import State
from ._steps import (
    DecodeStep,
    GuardStep,
    HexnumStep,
    NumberStep,
    OffsetStep,
    ScaleStep,
    SignStep,
    Source,
    TimeStep,
    UnitStep,
)
from ._unit import ARITHMETIC, BASE_UNIT, Quantity, convert, factor, read_unit
from ._xml import find_xml

__all__ = ["compute"]

#: More digits than this are the noise of a binary float: 395.89999999999998.
_FLOAT_DIGITS: Final = 15
_COMPARE: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@singledispatch
def compute(
    step: object, state: State, document: Document, quantity: Quantity
) -> State:
    """Carry out a step that works on the value found.

    Raises:
        ExtractionError: There is no such number.
    """
    raise NotImplementedError(step, state, document, quantity)


@compute.register
def _(step: DecodeStep, state: State, document: Document, _quantity: Quantity) -> State:
    if step.hex:
        return _from_hex(step, state, document)
    decoded = document.decoded(step.charset)
    return msgspec.structs.replace(
        state, charset=step.charset, warnings=state.warnings + decoded.warnings
    )


def _from_hex(step: DecodeStep, state: State, document: Document) -> State:
    digits = "".join(text_of(state, document).split())
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        raise DecodeError(
            what=f"{digits[:80]!r} is no text of hexadecimal digits",
            remedy="put a step before it that selects the digits, two for each byte",
        ) from None
    decoded = decode_text(raw, "", step.charset)
    return msgspec.structs.replace(state, kind="text", text=decoded.text)


@compute.register
def _(step: HexnumStep, state: State, document: Document, _quantity: Quantity) -> State:
    value, multiplier, divisor = (
        None if path is None else _only(path, step.source, state, document)
        for path in (step.value, step.multiplier, step.divisor)
    )
    shown = text_of(state, document) if value is None else value
    number, size = read_hexnum(shown, multiplier, divisor, signed=step.signed)
    return msgspec.structs.replace(
        state, kind="number", text=shown.strip(), number=number, resolution=size
    )


def _only(path: str, source: Source, state: State, document: Document) -> str:
    found = _looked_up(path, source, state, document)
    if len(found) != 1 or not isinstance(found[0], str):
        # A number of JSON is decimal; only a text can be hexadecimal.
        shown = ", ".join(map(show_json, found[:3])) or f"nothing at {path}"
        raise NumberError(reason="no_number", text=shown)
    return found[0]


def _looked_up(
    path: str, source: Source, state: State, document: Document
) -> list[Json]:
    if source == "xml":
        return [*find_xml(path, document.xml(state.charset))]
    return find(path, document.json(state.charset))


@compute.register
def _(step: TimeStep, state: State, document: Document, _quantity: Quantity) -> State:
    text = text_of(state, document)
    seconds, zone = read_time(text, step.format, step.tz)
    return msgspec.structs.replace(
        state, kind="number", text=text, number=seconds, unit=zone, is_base=True
    )


@compute.register
def _(step: NumberStep, state: State, document: Document, _quantity: Quantity) -> State:
    if state.kind == "number":
        return state
    if state.kind == "json" and not isinstance(state.value, str):
        return _plain_number(state)
    text = text_of(state, document)
    if state.kind == "page" and looks_like_markup(text):
        raise UnexpectedContentError(expected="plain text", text=text)
    parsed = parse_number(text, step.format)
    return msgspec.structs.replace(
        state,
        kind="number",
        text=text,
        number=parsed.value,
        rest=parsed.rest,
        resolution=_last_digit(parsed.value),
        warnings=state.warnings + parsed.warnings,
    )


def _plain_number(state: State) -> State:
    shown = show_json(state.value)
    if not isinstance(state.value, Decimal):
        raise NumberError(reason="no_number", text=shown)
    value = bounded(state.value, shown)
    digits, exponent = value.as_tuple().digits, int(value.as_tuple().exponent)
    # 1e3 is a way to write 1000, and says nothing of its last digit.
    noisy = len(digits) > _FLOAT_DIGITS or exponent > 0
    return msgspec.structs.replace(
        state,
        kind="number",
        text=shown,
        number=value,
        resolution=None if noisy else _last_digit(value),
        is_float=True,
    )


def _last_digit(value: Decimal) -> Decimal:
    return Decimal(1).scaleb(int(value.as_tuple().exponent), ARITHMETIC)


@compute.register
def _(step: UnitStep, state: State, _document: Document, quantity: Quantity) -> State:
    shown = read_unit(state.rest)
    unit = step.fixed or shown
    if not unit and BASE_UNIT[quantity]:
        raise UnitError(
            reason="missing_unit",
            unit="",
            what=f"is missing behind {state.text[:80]!r}",
            remedy="name it in the rule: {'step': 'unit', 'fixed': "
            f"'{BASE_UNIT[quantity]}'}} or another unit of {quantity}",
        )
    worth = [Decimal(part) for part in factor(unit, quantity)]
    size = state.resolution
    if size is not None:
        size = ARITHMETIC.divide(ARITHMETIC.multiply(size, worth[0]), worth[1])
    return msgspec.structs.replace(
        state,
        number=convert(state.number, unit, quantity),
        resolution=size,
        unit=unit,
        is_base=True,
        warnings=state.warnings + _contradiction(step.fixed, shown, quantity),
    )


def _contradiction(
    fixed: str | None, shown: str, quantity: Quantity
) -> tuple[str, ...]:
    if fixed is None or not shown:
        return ()
    try:
        same = factor(shown, quantity) == factor(fixed, quantity)
    except UnitError:
        return ()
    return () if same else ("unit_differs",)


@compute.register
def _(step: ScaleStep, state: State, _document: Document, _quantity: Quantity) -> State:
    size = state.resolution
    return msgspec.structs.replace(
        state,
        number=ARITHMETIC.multiply(state.number, step.factor),
        resolution=None
        if size is None
        else ARITHMETIC.multiply(size, abs(step.factor)),
    )


@compute.register
def _(step: OffsetStep, state: State, _doc: Document, _quantity: Quantity) -> State:
    number = ARITHMETIC.add(state.number, step.value)
    return msgspec.structs.replace(state, number=number)


@compute.register
def _(_step: SignStep, state: State, _document: Document, _quantity: Quantity) -> State:
    return msgspec.structs.replace(state, number=ARITHMETIC.minus(state.number))


@compute.register
def _(step: GuardStep, state: State, document: Document, _quantity: Quantity) -> State:
    found = _looked_up(step.path, step.source, state, document)
    if not found or not all(_holds(step, value) for value in found):
        wanted = "" if step.operator == "exists" else f" {step.value!r}"
        shown = ", ".join(show_json(value) for value in found[:3]) or "nothing"
        raise NotAvailableError(
            condition=f"{step.path} {step.operator}{wanted}", found=shown
        )
    return state


def _holds(step: GuardStep, value: Json) -> bool:
    if step.operator == "exists":
        return value is not None
    wanted = _json_value(step.value)
    if step.source == "xml":
        value = _as_number(value, wanted)
    if step.operator == "==":
        return _same(value, wanted)
    if step.operator == "!=":
        return not _same(value, wanted)
    if not isinstance(value, Decimal) or not isinstance(wanted, Decimal):
        return False
    return _COMPARE[step.operator](value, wanted)


def _as_number(value: Json, wanted: Json) -> Json:
    if not isinstance(value, str) or not isinstance(wanted, Decimal):
        return value
    try:
        return parse_number(value, "dot").value
    except NumberError:
        return value


def _same(value: Json, wanted: Json) -> bool:
    # True is no 1, though Python says so.
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _json_value(value: float | str | None) -> Json:
    if isinstance(value, bool | str) or value is None:
        return value
    return Decimal(str(value))
