"""The dry run: each step with what it got and what it gave."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from ._errors import ExtractionError, Outcome
from ._excerpt import excerpt
from ._extract import open_page
from ._page import Document, Page
from ._rules import Rule, RuleSet
from ._run import run
from ._state import State
from ._steps import Step
from ._unit import BASE_UNIT, Quantity

__all__ = ["Explanation", "Fault", "RuleTrace", "StepTrace", "explain"]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no value."""

    outcome: Outcome
    message: str
    remedy: str


class StepTrace(msgspec.Struct, frozen=True, kw_only=True):
    """One step: the step as JSON, and its value before and after, cut short.

    `output` is empty for the step that failed.
    """

    step: str
    input: str
    output: str


class RuleTrace(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The steps of one rule, those included that go without saying, and their result.

    Attributes:
        value: In `unit`; None when a step failed, which `error` explains.
        resolution: Value of the last digit the device shows, in `unit`.
        unit: kWh, kW, V, A or Hz.
    """

    quantity: Quantity
    channel: str
    steps: tuple[StepTrace, ...]
    value: Decimal | None = None
    unit: str = ""
    raw_text: str = ""
    raw_unit: str = ""
    resolution: Decimal | None = None
    warnings: tuple[str, ...] = ()
    error: Fault | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A dry run of a rule set; `error` says why no rule was tried at all."""

    rules: tuple[RuleTrace, ...]
    error: Fault | None = None


def explain(rules: RuleSet, page: Page) -> Explanation:
    """Run the rules on a page and tell every step; failures are part of the answer."""
    try:
        document = open_page(rules, page)
    except ExtractionError as error:
        return Explanation(rules=(), error=_fault(error))
    return Explanation(rules=tuple(_trace(rule, document) for rule in rules.rules))


def _trace(rule: Rule, document: Document) -> RuleTrace:
    steps: list[StepTrace] = []

    def observe(step: Step, before: State, after: State | ExtractionError) -> None:
        steps.append(
            StepTrace(
                step=excerpt(msgspec.json.encode(step).decode()),
                input=before.show(),
                output="" if isinstance(after, ExtractionError) else after.show(),
            )
        )

    try:
        state = run(rule, document, observe)
    except ExtractionError as error:
        return RuleTrace(
            quantity=rule.quantity,
            channel=rule.channel,
            steps=tuple(steps),
            error=_fault(error),
        )
    return _told(rule, state, tuple(steps))


def _told(rule: Rule, state: State, steps: tuple[StepTrace, ...]) -> RuleTrace:
    return RuleTrace(
        quantity=rule.quantity,
        channel=rule.channel,
        steps=steps,
        value=state.number,
        unit=BASE_UNIT[rule.quantity],
        raw_text=excerpt(state.text),
        raw_unit=excerpt(state.unit, 40),
        resolution=state.resolution,
        warnings=state.warnings,
    )


def _fault(error: ExtractionError) -> Fault:
    return Fault(outcome=error.outcome, message=error.message, remedy=error.remedy)
