"""From the dry run of the rules to what is shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.extract import Fault, RuleTrace
from nxforge_consumption_monitor.models import (
    DueEndpoint,
    TrialFault,
    TrialFormat,
    TrialModulus,
    TrialRule,
    TrialStep,
)

from ._formats import compare_formats
from ._mask import Mask, around
from ._modulus import propose_modulus
from ._plausible import plausibility
from ._words import warnings_of

__all__ = ["Beside", "fault_view", "masked_fault", "tell"]

_HEADROOM: Final = Decimal("1.25")
_SECONDS: Final = 3600


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule's result is compared with.

    Attributes:
        stored: The endpoint is one of the database.
        observed: Texts that the register showed before.
        text: The page.
        now: When the page was there.
    """

    endpoint: DueEndpoint
    stored: bool
    observed: Sequence[str]
    text: str
    now: datetime


def tell(trace: RuleTrace, beside: Beside, mask: Mask) -> TrialRule:
    """What one rule gives, with everything a person has to know of it."""
    found = _formats(trace, beside)
    modulus = None
    if trace.quantity == "energy" and trace.is_text:
        modulus = propose_modulus(trace.raw_text, trace.raw_unit)
    line, column = _position(beside.text, trace.offset)
    return TrialRule(
        quantity=trace.quantity,
        channel=trace.channel,
        required=trace.required,
        value=trace.value,
        unit=trace.unit,
        raw_text=mask(trace.raw_text),
        raw_unit=mask(trace.raw_unit),
        resolution=trace.resolution,
        line=line,
        column=column,
        excerpt=_excerpt(trace, beside.text, mask),
        steps=[_step(each, mask) for each in trace.steps],
        warnings=warnings_of((*trace.warnings, *_doubts(trace, beside, found))),
        modulus=None
        if modulus is None
        else TrialModulus(digits=modulus.digits, modulus_kwh=modulus.modulus_kwh),
        format=_masked(found, mask),
        plausibility=plausibility(trace, beside.endpoint, beside.now)
        if beside.stored
        else None,
        error=None if trace.error is None else fault_view(trace.error, mask),
    )


def fault_view(fault: Fault, mask: Mask) -> TrialFault:
    """A fault of the rules without secrets."""
    told = TrialFault(outcome=fault.outcome, message=fault.message, remedy=fault.remedy)
    return masked_fault(told, mask)


def masked_fault(fault: TrialFault, mask: Mask) -> TrialFault:
    """A fault without secrets."""
    return TrialFault(
        outcome=fault.outcome, message=mask(fault.message), remedy=mask(fault.remedy)
    )


def _step(step: object, mask: Mask) -> TrialStep:
    fields = msgspec.to_builtins(step)
    texts = {name: mask(fields[name]) for name in ("step", "input", "output", "place")}
    return TrialStep(**texts, level=fields["level"])


def _excerpt(trace: RuleTrace, text: str, mask: Mask) -> str:
    if trace.value is None or trace.offset is None:
        return ""
    return around(text, trace.offset, len(trace.raw_text.strip()) or 1, mask)


def _position(text: str, offset: int | None) -> tuple[int | None, int | None]:
    if offset is None:
        return None, None
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _formats(trace: RuleTrace, beside: Beside) -> TrialFormat | None:
    # One text alone is judged by the number step itself.
    if not trace.is_text or trace.is_pinned or trace.quantity != "energy":
        return None
    shown = trace.raw_text or trace.seen
    texts = [*dict.fromkeys([*beside.observed, shown])]
    found = compare_formats(texts)
    return TrialFormat(verdict=found.verdict, format=found.format, texts=texts)


def _masked(found: TrialFormat | None, mask: Mask) -> TrialFormat | None:
    if found is None:
        return None
    texts = [mask(text) for text in found.texts]
    return TrialFormat(verdict=found.verdict, format=found.format, texts=texts)


def _doubts(
    trace: RuleTrace, beside: Beside, found: TrialFormat | None
) -> Iterator[str]:
    if found is not None and found.verdict == "conflict":
        yield "format_conflict"
    elif found is not None and found.verdict == "pin":
        yield "format_unpinned"
    if trace.value is None:
        return
    endpoint = beside.endpoint
    if trace.raw_unit in {"mW", "mV", "mA"}:
        yield "milli_unit"
    if trace.quantity == "power" and abs(trace.value) > endpoint.max_kw * _HEADROOM:
        yield "power_above_max"
    if trace.quantity == "energy":
        yield from _energy_doubts(trace, endpoint)


def _energy_doubts(trace: RuleTrace, endpoint: DueEndpoint) -> Iterator[str]:
    if trace.value is not None and trace.value < 0:
        yield "negative_energy"
    if trace.resolution is None:
        yield "unknown_resolution"
    elif trace.resolution * _SECONDS > endpoint.max_kw * endpoint.interval_s:
        yield "coarse_resolution"
