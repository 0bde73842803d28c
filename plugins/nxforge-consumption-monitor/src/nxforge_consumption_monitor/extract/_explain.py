"""The dry run: each step with what it got and what it gave."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from ._complete import is_pinned
from ._doubt import doubted
from ._errors import ExtractionError, NumberError, Outcome
from ._excerpt import excerpt
from ._extract import Pages, measurement_of
from ._locate import locate, offset_of
from ._measurement import Measurement
from ._page import Document, Page
from ._rules import Rule, RuleSet
from ._run import run
from ._state import State
from ._steps import Step
from ._unit import BASE_UNIT, Quantity

__all__ = ["Explanation", "Fault", "RuleTrace", "StepTrace", "explain", "fault_of"]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no value."""

    outcome: Outcome
    message: str
    remedy: str


class StepTrace(msgspec.Struct, frozen=True, kw_only=True):
    """One step: the step as JSON, and its value before and after, cut short.

    Steps inside of a combine or alternatives step come before it.

    Attributes:
        output: Empty for the step that failed.
        place: Where on the page it found its value.
        level: How many steps contain it.
    """

    step: str
    input: str
    output: str
    place: str = ""
    level: int = 0


class RuleTrace(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The steps of one rule, those included that go without saying, and their result.

    Attributes:
        value: In `unit`; None when a step failed, which `error` explains.
        resolution: Value of the last digit the device shows, in `unit`.
        unit: kWh, kW, kVA, V, A, Hz or s.
        is_text: The number was printed as text; a number of JSON needs no format.
        is_pinned: A number step of the rule says what comma and dot mean.
        seen: The text in which no number could be read, else empty.
        offset: Where in the page's text the match begins; None where it is not
            printed as such, as a sum is not.
    """

    quantity: Quantity
    channel: str
    steps: tuple[StepTrace, ...]
    required: bool = True
    value: Decimal | None = None
    unit: str = ""
    raw_text: str = ""
    raw_unit: str = ""
    resolution: Decimal | None = None
    is_text: bool = False
    is_pinned: bool = False
    seen: str = ""
    offset: int | None = None
    warnings: tuple[str, ...] = ()
    error: Fault | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A dry run of a rule set; `error` says why no rule was tried at all."""

    rules: tuple[RuleTrace, ...]
    error: Fault | None = None


def explain(rules: RuleSet, page: Page) -> Explanation:
    """Run the rules on a page and tell every step; failures are part of the answer."""
    try:
        pages = Pages(rules, page)
    except ExtractionError as error:
        return Explanation(rules=(), error=fault_of(error))
    told = [_Trace(rule, pages) for rule in rules.rules]
    doubts = doubted([t.measurement for t in told if t.measurement is not None])
    known = {(each.quantity, each.channel): each.warnings for each in doubts}
    return Explanation(rules=tuple(each.told(known) for each in told))


class _Trace:
    """The dry run of one rule."""

    def __init__(self, rule: Rule, pages: Pages) -> None:
        self._rule = rule
        self._document: Document | None = None
        self._steps: list[StepTrace] = []
        self._hint = ""
        self._state = State()
        self._error: ExtractionError | None = None
        self.measurement: Measurement | None = None
        try:
            self._document = pages.of(rule)
            self._state = run(rule, self._document, self._observe)
            self.measurement = measurement_of(rule, self._state)
        except ExtractionError as error:
            self._error = error

    def told(
        self, warnings: Mapping[tuple[Quantity, str], tuple[str, ...]]
    ) -> RuleTrace:
        rule, found = self._rule, self.measurement
        known: dict[str, Any] = {
            "quantity": rule.quantity,
            "channel": rule.channel,
            "steps": tuple(self._steps),
            "required": rule.required,
            "is_pinned": is_pinned(rule.steps),
        }
        if found is None:
            error = None if self._error is None else fault_of(self._error)
            seen = self._error.text if isinstance(self._error, NumberError) else ""
            return RuleTrace(
                **known, error=error, seen=excerpt(seen), is_text=bool(seen)
            )
        return RuleTrace(
            **known,
            value=found.value,
            unit=BASE_UNIT[rule.quantity],
            raw_text=found.raw_text,
            raw_unit=found.raw_unit,
            resolution=found.resolution,
            is_text=not self._state.is_float,
            offset=self._offset(),
            warnings=warnings[rule.quantity, rule.channel],
        )

    def _observe(
        self, step: Step, before: State, after: State | ExtractionError, level: int
    ) -> None:
        failed = isinstance(after, ExtractionError)
        place, hint = "", ""
        if self._document is not None and not failed:
            place, hint = locate(step, before, self._document)
        self._hint = hint or self._hint
        self._steps.append(
            StepTrace(
                step=excerpt(msgspec.json.encode(step).decode()),
                input=before.show(),
                output="" if isinstance(after, ExtractionError) else after.show(),
                place=excerpt(place),
                level=level,
            )
        )

    def _offset(self) -> int | None:
        # Places are told of the endpoint's own page, which is the one that is shown.
        if self._document is None or self._rule.source:
            return None
        text = self._document.decoded(self._state.charset).text
        return offset_of(text, self._state.text, self._hint)


def fault_of(error: ExtractionError) -> Fault:
    """The same as data."""
    return Fault(outcome=error.outcome, message=error.message, remedy=error.remedy)
