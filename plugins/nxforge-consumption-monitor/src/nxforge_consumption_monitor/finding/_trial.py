"""From a place to whole rules: which number format, which unit, which quantity."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.extract import (
    BASE_UNIT,
    NumberError,
    NumberFormat,
    NumberStep,
    ParsedNumber,
    Quantity,
    Rule,
    RuleError,
    ScaleStep,
    Step,
    UnitError,
    UnitStep,
    convert,
    parse_number,
    read_unit,
)

from ._proposal import How, Proposal
from ._units import SCALED, hinted
from ._wanted import Match, Wanted, matches, quantity_of

__all__ = ["Trial", "trials", "unit_in"]

_FORMS: Final[tuple[NumberFormat, ...]] = ("auto", "dot", "comma")
#: Some devices count in tenths or hundredths of kWh and kW.
_TENTHS: Final = (Decimal("0.1"), Decimal("0.01"))
#: Units that a display may show without saying so.
_DISPLAYED: Final = frozenset({"Wh", "W"})
_TOLERANCE: Final = Decimal(10) ** -6


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A rule to be tried.

    Attributes:
        reading: Which way to read what was typed; 0 is the likeliest.
        is_hinted: The page says that it is of this quantity.
        expected: What the rule must give, in its base unit.
    """

    rule: Rule
    how: How
    match: Match
    reading: int
    is_hinted: bool
    expected: Decimal
    warnings: tuple[str, ...] = ()

    def accepts(self, number: Decimal) -> bool:
        """Whether the rule gave what was found; the register rounds to six places."""
        return abs(number - self.expected) <= _TOLERANCE


def trials(proposal: Proposal, wanted: Wanted) -> Iterator[Trial]:
    """Rules for a place, none if it does not hold the number."""
    for form in _FORMS:
        try:
            parsed = parse_number(proposal.text, form)
        except NumberError:
            continue
        steps = list(proposal.steps)
        if form != "auto" or "ambiguous_decimal" in parsed.warnings:
            steps.append(NumberStep(format="dot" if form == "auto" else form))
        found = list(_of_units(proposal, wanted, parsed, steps))
        yield from found
        if found:
            return


def _of_units(
    proposal: Proposal, wanted: Wanted, parsed: ParsedNumber, steps: list[Step]
) -> Iterator[Trial]:
    seen = unit_in(parsed.rest)
    known = seen or (proposal.unit if quantity_of(proposal.unit) else "")
    suggested, hint = hinted(proposal.hint)
    quantity = quantity_of(known) or wanted.quantity or suggested or "energy"
    for unit, factor, is_sure in _units(wanted, quantity, known, hint):
        value = parsed.value * factor
        match = _match(value, unit, wanted, quantity)
        if match is None:
            continue
        further: list[Step] = [] if unit == seen else [UnitStep(fixed=unit)]
        if factor != 1:
            further.append(ScaleStep(factor=factor))
        try:
            yield Trial(
                rule=Rule(quantity=quantity, steps=(*steps, *further)),
                how=proposal.how,
                match=match[0],
                reading=match[1],
                is_hinted=suggested == quantity or bool(known),
                expected=convert(value, unit, quantity),
                warnings=() if is_sure else ("unit_assumed",),
            )
        except (RuleError, UnitError):
            return


def unit_in(rest: str) -> str:
    """The unit behind a number; empty if what stands there is none."""
    unit = read_unit(rest)
    return unit if unit and quantity_of(unit) else ""


def _units(
    wanted: Wanted, quantity: Quantity, known: str, hint: str
) -> Iterator[tuple[str, Decimal, bool]]:
    one = Decimal(1)
    if known or (hint and quantity_of(hint) == quantity):
        yield known or hint, one, True
        return
    shown = wanted.unit or BASE_UNIT[quantity]
    yield shown, one, False
    for unit in SCALED.get(quantity, ()):
        if unit != shown:
            yield unit, one, False
    for factor in _TENTHS:
        yield shown, factor, False


def _match(
    value: Decimal, unit: str, wanted: Wanted, quantity: Quantity
) -> tuple[Match, int] | None:
    """As printed on the page, or as the display shows the same in its own unit."""
    shown = wanted.unit or BASE_UNIT[quantity]
    try:
        base = convert(value, unit, quantity)
        in_shown = base / convert(Decimal(1), shown, quantity)
    except UnitError:
        return None
    converted = matches(in_shown, wanted)
    if wanted.unit or unit not in _DISPLAYED:
        return converted
    printed = matches(value, wanted)
    both = [each for each in (printed, converted) if each is not None]
    return min(both, default=None)
