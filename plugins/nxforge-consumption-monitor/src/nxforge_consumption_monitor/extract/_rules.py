"""Rule sets: data that says where an endpoint's values stand."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from ._errors import RuleError, UnitError
from ._steps import CombineStep, NumberStep, ScaleStep, SignStep, Step, Term, UnitStep
from ._unit import Quantity, factor

__all__ = ["Content", "Rule", "RuleSet", "complete", "decode_rules"]

Content = Literal["any", "html", "json", "text"]
_MAX_BYTES: Final = 256 * 1024
_ADVICE: Final = (
    "a rule is {'quantity': 'energy', 'steps': [...]}; steps are decode, json, css, "
    "label, regex, kv, number, unit, scale, sign, combine and guard"
)
_NEEDS_NUMBER: Final = (UnitStep, ScaleStep, SignStep)


class Rule(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Where one value of an endpoint stands.

    Attributes:
        quantity: What is measured; energy comes out in kWh, power in kW.
        steps: From the page to the number, in order.
        channel: Which part of the device.
        required: Whether the page is of no use without this value.
    """

    quantity: Quantity
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=20)]
    channel: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,32}$")] = "total"
    required: bool = True

    def __post_init__(self) -> None:
        for step in self.steps:
            inner = step.terms if isinstance(step, CombineStep) else ()
            for each in (step, *(s for term in inner for s in term.steps)):
                if isinstance(each, UnitStep) and each.fixed is not None:
                    _check_unit(each.fixed, self.quantity)


class RuleSet(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """All rules of one endpoint, which share one page.

    Attributes:
        rules: One per channel and quantity.
        content: What the page must be; an error page in its place is refused.
        marker: Text the page must contain to be the right one.
    """

    rules: Annotated[tuple[Rule, ...], Meta(min_length=1, max_length=50)]
    content: Content = "any"
    marker: Annotated[str, Meta(min_length=1, max_length=200)] | None = None

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for rule in self.rules:
            if (rule.channel, rule.quantity) in seen:
                raise RuleError(
                    field="rules",
                    what=f"{rule.quantity} of channel {rule.channel!r} has two rules",
                    remedy="remove one, or give it a channel of its own",
                )
            seen.add((rule.channel, rule.quantity))


def decode_rules(source: bytes | str | object) -> RuleSet:
    """Read a rule set.

    Args:
        source: JSON text, or what a JSON decoder made of it: an object with `rules`,
            or the array of rules alone.

    Raises:
        RuleError: It is none; the message names the field, the remedy what to write.
    """
    try:
        data = _decoded(source) if isinstance(source, bytes | str) else source
        if isinstance(data, list):
            data = {"rules": data}
        return msgspec.convert(data, RuleSet)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        cause = error.__cause__
        remedy = cause.remedy if isinstance(cause, RuleError) else _ADVICE
        raise RuleError(field="rules", what=str(error), remedy=remedy) from None
    except RecursionError:
        raise RuleError(
            field="rules", what="they nest too deep", remedy=_ADVICE
        ) from None


def complete(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return `steps` with the number and unit steps that go without saying."""
    full: list[Step] = []
    has_number = has_unit = False
    for index, step in enumerate(steps):
        if isinstance(step, CombineStep):
            full.append(_complete_terms(step, steps[index + 1 :]))
            has_number = True
            has_unit = has_unit or not _has_unit(steps[index + 1 :])
            continue
        if isinstance(step, _NEEDS_NUMBER) and not has_number:
            full.append(NumberStep())
            has_number = True
        has_number = has_number or isinstance(step, NumberStep)
        has_unit = has_unit or isinstance(step, UnitStep)
        full.append(step)
    if not has_number:
        full.append(NumberStep())
    return tuple(full) if has_unit else (*full, UnitStep())


def _complete_terms(step: CombineStep, later: tuple[Step, ...]) -> CombineStep:
    # One unit behind the sum is the unit of all terms; else each term has its own.
    bare = _has_unit(later)
    terms = []
    for term in step.terms:
        steps = complete(term.steps)
        if bare and not _has_unit(term.steps):
            steps = tuple(s for s in steps if not isinstance(s, UnitStep))
        # The steps of a term are plain, and completing adds only plain ones.
        terms.append(Term(steps=steps, sign=term.sign))  # type: ignore[arg-type]  # see above
    return CombineStep(terms=tuple(terms))


def _has_unit(steps: tuple[Step, ...]) -> bool:
    return any(isinstance(step, UnitStep) for step in steps)


def _decoded(source: bytes | str) -> object:
    if len(source) > _MAX_BYTES:
        raise RuleError(
            field="rules",
            what=f"they have {len(source)} bytes",
            remedy=f"at most {_MAX_BYTES}",
        )
    return msgspec.json.Decoder(float_hook=Decimal).decode(source)


def _check_unit(unit: str, quantity: Quantity) -> None:
    try:
        factor(unit, quantity)
    except UnitError as error:
        raise RuleError(
            field="fixed", what=error.message, remedy=error.remedy
        ) from None
