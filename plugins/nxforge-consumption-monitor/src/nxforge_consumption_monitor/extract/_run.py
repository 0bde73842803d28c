"""From the page to the value of one rule, step by step."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from typing import Final, TypeAlias

import msgspec

from ._compute import compute
from ._errors import ExtractionError, OutOfRangeError, UnitError
from ._page import Document
from ._rules import Rule, complete
from ._select import find_value
from ._state import State
from ._steps import (
    CombineStep,
    CssStep,
    JsonStep,
    KvStep,
    LabelStep,
    RegexStep,
    Step,
)
from ._unit import ARITHMETIC, Quantity

__all__ = ["Observer", "run"]

Observer: TypeAlias = Callable[[Step, State, State | ExtractionError], None]

_SELECTING: Final = (CssStep, JsonStep, KvStep, LabelStep, RegexStep)
#: numeric(20,8) is what stores a register: 12 digits before the point, 8 behind.
_WHOLE_DIGITS: Final = 12
_MOST_PLACES: Final = 8
_PLACES: Final = 6
_ROUNDING: Final = Context(prec=60)


def run(rule: Rule, document: Document, observe: Observer | None = None) -> State:
    """Return the value of a rule in its base unit, rounded for the register.

    Args:
        rule: What to do.
        document: The page.
        observe: Is told each step with what it got and what it gave or why it failed.

    Raises:
        ExtractionError: The page has no such value.
    """
    state = State()
    for step in complete(rule.steps):
        state = _observed(step, state, document, rule.quantity, observe)
    return _rounded(state)


def _observed(
    step: Step,
    state: State,
    document: Document,
    quantity: Quantity,
    observe: Observer | None,
) -> State:
    if observe is None:
        return _apply(step, state, document, quantity)
    try:
        after = _apply(step, state, document, quantity)
    except ExtractionError as error:
        observe(step, state, error)
        raise
    observe(step, state, after)
    return after


def _apply(step: Step, state: State, document: Document, quantity: Quantity) -> State:
    if isinstance(step, CombineStep):
        return _combine(step, state, document, quantity)
    if isinstance(step, _SELECTING):
        return find_value(step, state, document)
    return compute(step, state, document, quantity)


def _combine(
    step: CombineStep, state: State, document: Document, quantity: Quantity
) -> State:
    total = Decimal(0)
    parts: list[State] = []
    shown: list[str] = []
    for term in step.terms:
        part = State(charset=state.charset)
        for inner in term.steps:
            part = _apply(inner, part, document, quantity)
        change = part.number if term.sign == "+" else ARITHMETIC.minus(part.number)
        total = ARITHMETIC.add(total, change)
        parts.append(part)
        shown.append(f"{term.sign} {part.text}")
    return _sum(state, parts, total, " ".join(shown).removeprefix("+ "))


def _sum(state: State, parts: list[State], total: Decimal, text: str) -> State:
    if len({part.is_base for part in parts}) > 1:
        raise UnitError(
            reason="mixed_units",
            unit=parts[0].unit,
            what="stands beside terms without a unit",
            remedy="give every term of the combine step a unit step, or none",
        )
    is_float = any(part.is_float for part in parts)
    sizes = [part.resolution for part in parts]
    # A JSON encoder drops zeros at the end, so the finest term tells the most.
    choose = min if is_float else max
    return msgspec.structs.replace(
        state,
        kind="number",
        number=total,
        text=text,
        resolution=None if None in sizes else choose(filter(None, sizes)),
        unit=parts[0].unit,
        is_base=parts[0].is_base,
        is_float=is_float,
        warnings=tuple(dict.fromkeys(w for part in parts for w in part.warnings)),
    )


def _rounded(state: State) -> State:
    if state.number.adjusted() >= _WHOLE_DIGITS:
        raise OutOfRangeError(state.text)
    # What a device prints is kept as printed; what its JSON encoder made of a binary
    # float has noise behind the sixth decimal.
    places = _PLACES
    if not state.is_float and state.resolution is not None:
        places = min(max(_PLACES, -state.resolution.adjusted()), _MOST_PLACES)
    number = state.number.quantize(Decimal(1).scaleb(-places), context=_ROUNDING)
    return msgspec.structs.replace(state, number=number)
