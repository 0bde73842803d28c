"""Two numbers of a page that make the one on the display: day and night tariff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.extract import (
    BASE_UNIT,
    CombineStep,
    NumberError,
    Quantity,
    Rule,
    RuleError,
    Term,
    UnitError,
    UnitStep,
    convert,
    parse_number,
)

from ._proposal import Proposal
from ._trial import Trial, unit_in
from ._units import hinted
from ._wanted import Wanted, quantity_of

__all__ = ["sums"]

_MAX_PARTS: Final = 400


def sums(proposals: Sequence[Proposal], wanted: Wanted) -> Iterator[Trial]:
    """Rules that add two values of the same unit, both known by their keys."""
    if wanted.quantity not in {None, "energy"}:
        return
    shown = wanted.unit or BASE_UNIT["energy"]
    parts = _parts(proposals, shown)
    by_value: dict[Decimal, Proposal] = {}
    for base, part in parts:
        for index, value in enumerate(wanted.values):
            total = convert(value, shown, "energy")
            other = by_value.get(total - base)
            if base and other is not None and total != base:
                yield from _trial(other, part, (index, total), shown)
        by_value.setdefault(base, part)


def _parts(proposals: Sequence[Proposal], shown: str) -> list[tuple[Decimal, Proposal]]:
    parts: list[tuple[Decimal, Proposal]] = []
    for each in proposals:
        if each.how == "key" and len(parts) < _MAX_PARTS:
            base = _energy(each, shown)
            if base is not None:
                parts.append((base, each))
    return parts


def _energy(proposal: Proposal, shown: str) -> Decimal | None:
    quantity: Quantity | None
    try:
        parsed = parse_number(proposal.text)
        seen = unit_in(parsed.rest) or proposal.unit
        quantity, hint = hinted(proposal.hint)
        if (quantity_of(seen) or quantity or "energy") != "energy":
            return None
        return convert(parsed.value, seen or hint or shown, "energy")
    except (NumberError, UnitError):
        return None


def _trial(
    first: Proposal, second: Proposal, found: tuple[int, Decimal], shown: str
) -> Iterator[Trial]:
    terms = []
    try:
        for each in (first, second):
            seen = unit_in(parse_number(each.text).rest)
            _, hint = hinted(each.hint)
            unit = () if seen else (UnitStep(fixed=each.unit or hint or shown),)
            terms.append(Term(steps=(*each.steps, *unit)))  # type: ignore[arg-type]  # steps of a proposal are plain
        step = CombineStep(terms=tuple(terms))
        rule = Rule(quantity="energy", steps=(step,))
    except RuleError:
        return
    yield Trial(
        rule=rule,
        how="sum",
        match="exact",
        reading=found[0],
        is_hinted=True,
        expected=found[1],
    )
