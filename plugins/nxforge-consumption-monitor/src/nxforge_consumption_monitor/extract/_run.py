"""From the page to the value of one rule, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from typing import Final, TypeAlias

import msgspec

from ._complete import complete
from ._compute import compute
from ._errors import (
    ExtractionError,
    NoAlternativeError,
    OutOfRangeError,
    UnitError,
)
from ._page import Document
from ._rules import Rule
from ._select import find_value
from ._state import State
from ._steps import (
    AlternativesStep,
    ColumnStep,
    CombineStep,
    CssStep,
    JsonStep,
    KvStep,
    LabelStep,
    RegexStep,
    Step,
    XmlStep,
)
from ._unit import ARITHMETIC, Quantity

__all__ = ["Observer", "run"]

#: Is told a step, what it got, what it gave or why it failed, and how many steps
#: contain it.
Observer: TypeAlias = Callable[[Step, State, State | ExtractionError, int], None]

_SELECTING: Final = (
    ColumnStep,
    CssStep,
    JsonStep,
    KvStep,
    LabelStep,
    RegexStep,
    XmlStep,
)
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
        observe: Is told each step; those inside of a step come before it.

    Raises:
        ExtractionError: The page has no such value.
    """
    course = _Course(document, rule.quantity, observe)
    return _rounded(course.go(complete(rule.steps, rule.quantity), State(), 0))


class _Course:
    """The steps of one rule on one page."""

    def __init__(
        self, document: Document, quantity: Quantity, observe: Observer | None
    ) -> None:
        self._document = document
        self._quantity = quantity
        self._observe = observe

    def go(self, steps: Iterable[Step], state: State, level: int) -> State:
        for step in steps:
            state = self._observed(step, state, level)
        return state

    def _observed(self, step: Step, state: State, level: int) -> State:
        if self._observe is None:
            return self._apply(step, state, level)
        try:
            after = self._apply(step, state, level)
        except ExtractionError as error:
            self._observe(step, state, error, level)
            raise
        self._observe(step, state, after, level)
        return after

    def _apply(self, step: Step, state: State, level: int) -> State:
        match step:
            case CombineStep():
                return self._combine(step, state, level + 1)
            case AlternativesStep():
                return self._first(step, state, level + 1)
        if isinstance(step, _SELECTING):
            return find_value(step, state, self._document)
        return compute(step, state, self._document, self._quantity)

    def _first(self, step: AlternativesStep, state: State, level: int) -> State:
        faults: list[ExtractionError] = []
        for choice in step.choices:
            try:
                return self.go(choice.steps, state, level)
            except ExtractionError as error:
                if not error.is_absence:
                    raise
                faults.append(error)
        raise NoAlternativeError(faults)

    def _combine(self, step: CombineStep, state: State, level: int) -> State:
        total = Decimal(0)
        parts: list[State] = []
        shown: list[str] = []
        for term in step.terms:
            part = self.go(term.steps, State(charset=state.charset), level)
            is_plus = term.sign == "+"
            change = part.number if is_plus else ARITHMETIC.minus(part.number)
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
    # Zero has no sign, whatever a device prints.
    number = ARITHMETIC.abs(state.number) if not state.number else state.number
    number = number.quantize(Decimal(1).scaleb(-places), context=_ROUNDING)
    return msgspec.structs.replace(state, number=number)
