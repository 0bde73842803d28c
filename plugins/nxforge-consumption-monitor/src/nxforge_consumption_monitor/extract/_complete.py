"""Steps that go without saying, and what steps must be to each other."""

from __future__ import annotations

from typing import Final

from ._errors import RuleError, UnitError
from ._steps import (
    AlternativesStep,
    Choice,
    CombineStep,
    HexnumStep,
    NumberStep,
    OffsetStep,
    ScaleStep,
    SignStep,
    Step,
    Term,
    TimeStep,
    UnitStep,
)
from ._unit import Quantity, factor

__all__ = ["check_units", "complete", "has_step", "is_pinned"]

_NEEDS_NUMBER: Final = (UnitStep, ScaleStep, SignStep, OffsetStep)
_NUMBERS: Final = (NumberStep, HexnumStep, TimeStep)
_BRANCHING: Final = (CombineStep, AlternativesStep)


def complete(steps: tuple[Step, ...], quantity: Quantity) -> tuple[Step, ...]:
    """Return `steps` with the number, unit and time steps that go without saying."""
    if quantity == "device_time":
        return steps if has_step(steps, TimeStep) else (*steps, TimeStep())
    return _completed(steps, bare=False)


def has_step(steps: tuple[Step, ...], kind: type[Step]) -> bool:
    """Whether a step of the kind is among them, or inside of one of them."""
    return any(
        isinstance(step, kind) or any(has_step(each, kind) for each in _branches(step))
        for step in steps
    )


def is_pinned(steps: tuple[Step, ...]) -> bool:
    """Whether a number step among them says what comma and dot mean."""
    return any(
        (isinstance(step, NumberStep) and step.format != "auto")
        or any(is_pinned(each) for each in _branches(step))
        for step in steps
    )


def check_units(steps: tuple[Step, ...], quantity: Quantity) -> bool:
    """Whether these steps name a unit.

    Raises:
        RuleError: They name one that is none of the quantity, or convert twice.
    """
    has_unit = False
    for step in steps:
        if isinstance(step, UnitStep):
            if has_unit:
                raise RuleError(
                    field="steps",
                    what="a unit step follows another one: it would convert again",
                    remedy="leave one of them out",
                )
            _check_unit(step.fixed, quantity)
            has_unit = True
        inner = [check_units(each, quantity) for each in _branches(step)]
        has_unit = has_unit or any(inner)
    return has_unit


def _branches(step: Step) -> list[tuple[Step, ...]]:
    match step:
        case CombineStep():
            return [term.steps for term in step.terms]
        case AlternativesStep():
            return [choice.steps for choice in step.choices]
        case _:
            return []


def _completed(steps: tuple[Step, ...], *, bare: bool) -> tuple[Step, ...]:
    """`bare`: the unit comes later, for all branches at once."""
    full: list[Step] = []
    has_number, has_unit = False, bare
    for index, step in enumerate(steps):
        if isinstance(step, _BRANCHING):
            later = bare or any(isinstance(s, UnitStep) for s in steps[index + 1 :])
            full.append(_with_branches(step, bare=later))
            has_number, has_unit = True, has_unit or not later
            continue
        if isinstance(step, _NEEDS_NUMBER) and not has_number:
            full.append(NumberStep())
            has_number = True
        has_number = has_number or isinstance(step, _NUMBERS)
        has_unit = has_unit or isinstance(step, UnitStep)
        full.append(step)
    if not has_number:
        full.append(NumberStep())
    return tuple(full) if has_unit else (*full, UnitStep())


def _with_branches(step: CombineStep | AlternativesStep, *, bare: bool) -> Step:
    # Completing adds only plain steps, so what may stand in a branch still may.
    if isinstance(step, CombineStep):
        terms = tuple(
            Term(steps=_completed(term.steps, bare=bare), sign=term.sign)  # type: ignore[arg-type]  # see above
            for term in step.terms
        )
        return CombineStep(terms=terms)
    choices = tuple(
        Choice(steps=_completed(choice.steps, bare=bare))  # type: ignore[arg-type]  # see above
        for choice in step.choices
    )
    return AlternativesStep(choices=choices)


def _check_unit(unit: str | None, quantity: Quantity) -> None:
    if unit is None:
        return
    try:
        factor(unit, quantity)
    except UnitError as error:
        raise RuleError(
            field="fixed", what=error.message, remedy=error.remedy
        ) from None
