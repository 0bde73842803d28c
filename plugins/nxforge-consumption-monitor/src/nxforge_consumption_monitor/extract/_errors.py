"""Why a page yields no value, each with the word its scrape attempt records.

::

    NxForgeError
      UsageError
        RuleError                  the rule itself is wrong (HTTP 400)
      ExtractionError              the page does not give what the rule asks for
        AuthRefusedError           auth
        HttpStatusError            http_status
        DecodeError                decode
        UnexpectedContentError     unexpected_content
        TooComplexError            too_complex
        TooLargeError              too_large
        SelectorMissingError       selector_missing
        SelectorRepeatedError      ambiguous_number
        NumberError                no_number, ambiguous_number
        NotAvailableError          no_number
        NoAlternativeError         that of the choice which got farthest
        OutOfRangeError            sanity
        UnitError                  unit

`NumberError` also covers what is out of range, so that reading a number has one
family of failures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from nxforge_core.api.errors import NxForgeError, UsageError

from ._excerpt import excerpt

__all__ = [
    "AuthRefusedError",
    "DecodeError",
    "ExtractionError",
    "HttpStatusError",
    "NoAlternativeError",
    "NotAvailableError",
    "NumberError",
    "NumberReason",
    "OutOfRangeError",
    "Outcome",
    "RuleError",
    "SelectorMissingError",
    "SelectorRepeatedError",
    "TooComplexError",
    "TooLargeError",
    "UnexpectedContentError",
    "UnitError",
]

Outcome = Literal[
    "ambiguous_number",
    "auth",
    "decode",
    "http_status",
    "no_number",
    "sanity",
    "selector_missing",
    "too_complex",
    "too_large",
    "unexpected_content",
    "unit",
]
NumberReason = Literal[
    "ambiguous_number",
    "malformed_grouping",
    "malformed_number",
    "no_number",
    "out_of_range",
]

_NUMBER_WORDS: dict[NumberReason, tuple[str, str]] = {
    "ambiguous_number": (
        "could be thousands or decimals",
        "pin the format: {'step': 'number', 'format': 'dot'} or 'comma'",
    ),
    "malformed_grouping": (
        "has digit groups that are not groups of three",
        "narrow the selector to one number, or cut it out with a regex step",
    ),
    "malformed_number": (
        "has separators that make no number",
        "narrow the selector to one number, or pin the number format",
    ),
    "no_number": (
        "contains no number",
        (
            "look at the page: the device may have no value now, or the selector "
            "points beside it"
        ),
    ),
    "out_of_range": (
        "is outside of what a meter can count",
        "look at the page: the selector may point at an id or a time stamp",
    ),
}


_ABSENCES: Final = frozenset(
    {"decode", "no_number", "selector_missing", "unexpected_content"}
)


class RuleError(UsageError, ValueError):
    """A rule cannot work whatever the page says: `field` names the part."""

    code = "invalid_rule"

    def __init__(self, *, field: str, what: str, remedy: str) -> None:
        super().__init__(f"{field}: {what}", remedy=remedy)
        self.field = field


class ExtractionError(NxForgeError):
    """The page does not give what the rule asks for.

    `outcome` is the word the scrape attempt records; `reason` is a finer one.
    """

    code = "extraction"
    status = 422
    outcome: Outcome = "unexpected_content"
    reason: str = ""

    @property
    def is_absence(self) -> bool:
        """Whether the value is not there, as opposed to there and not readable."""
        is_missing = self.outcome in _ABSENCES
        return is_missing and self.reason in {"", "no_number", "not_available"}


class AuthRefusedError(ExtractionError):
    """The device wants a login, or refused the one it got."""

    outcome = "auth"

    def __init__(self, status: int) -> None:
        super().__init__(
            f"the device answers {status}",
            remedy="check the endpoint's credential; the device may lock accounts, "
            "so the same slot is not tried again",
        )


class HttpStatusError(ExtractionError):
    """The status code is an error."""

    outcome = "http_status"

    def __init__(self, status: int) -> None:
        super().__init__(
            f"the device answers {status}",
            remedy="open the endpoint's URL: the path or the method may be wrong",
        )


class DecodeError(ExtractionError):
    """The bytes are not the text or the JSON they should be."""

    outcome = "decode"

    def __init__(self, *, what: str, remedy: str) -> None:
        super().__init__(f"the answer cannot be decoded: {what}", remedy=remedy)


class UnexpectedContentError(ExtractionError):
    """The answer is something else than the rule expects, such as an error page."""

    outcome = "unexpected_content"

    def __init__(self, *, expected: str, text: str) -> None:
        shown = excerpt(" ".join(text[:400].split()), 80)
        super().__init__(
            f"expected {expected}, the answer begins with {shown!r}",
            remedy="open the endpoint's URL: the device may show an error or a login",
        )
        self.expected = expected


class TooComplexError(ExtractionError):
    """Evaluating the page would cost too much."""

    outcome = "too_complex"

    def __init__(self, *, limit: str) -> None:
        super().__init__(
            f"the page exceeds the limit of {limit}",
            remedy="use a simpler page of the device (JSON or text) or a shorter "
            "selector; the limit protects the host and is no setting",
        )
        self.limit = limit


class TooLargeError(ExtractionError):
    """A step got more text than it may look at."""

    outcome = "too_large"

    def __init__(self, *, step: str, size: int, limit: int) -> None:
        super().__init__(
            f"the {step} step got {size} characters, its limit is {limit}",
            remedy="put a css or json step before it that selects the part",
        )


class SelectorMissingError(ExtractionError):
    """A selector, path, label or key matches nothing."""

    outcome = "selector_missing"

    def __init__(self, *, kind: str, selector: str, near: str = "") -> None:
        hint = f"; the page has {near}" if near else ""
        super().__init__(
            f"the {kind} {excerpt(selector)!r} matches nothing{hint}",
            remedy="compare it with the page as the device sends it; test the "
            "endpoint to see each step",
        )
        self.selector = selector


class SelectorRepeatedError(ExtractionError):
    """Several values where one is asked for."""

    outcome = "ambiguous_number"
    reason = "repeated"

    def __init__(self, *, kind: str, selector: str, count: int, remedy: str) -> None:
        super().__init__(
            f"the {kind} {excerpt(selector)!r} gives {count} values", remedy=remedy
        )
        self.selector = selector
        self.count = count


class NumberError(ExtractionError):
    """A text is no number, or not one number only."""

    outcome: Outcome = "no_number"

    def __init__(self, *, reason: NumberReason, text: str) -> None:
        words, remedy = _NUMBER_WORDS[reason]
        super().__init__(f"{excerpt(text)!r} {words}", remedy=remedy)
        self.reason = reason
        self.text = text
        if reason == "ambiguous_number":
            self.outcome = "ambiguous_number"


class OutOfRangeError(NumberError):
    """A number no register can hold."""

    outcome = "sanity"

    def __init__(self, text: str) -> None:
        super().__init__(reason="out_of_range", text=text)


class NotAvailableError(ExtractionError):
    """The device itself says that it has no value: unknown, not zero."""

    outcome = "no_number"
    reason = "not_available"

    def __init__(self, *, condition: str, found: str) -> None:
        super().__init__(
            f"not available: {condition} does not hold, the device says {found}",
            remedy="nothing to do when the sensor is absent or out of reach; else "
            "change the guard step",
        )


class NoAlternativeError(ExtractionError):
    """No choice of an alternatives step yields a number."""

    def __init__(self, faults: Sequence[ExtractionError]) -> None:
        told = "; ".join(f"{n}. {each.message}" for n, each in enumerate(faults, 1))
        outcomes = [each.outcome for each in faults]
        known = [word for word in ("no_number", "selector_missing") if word in outcomes]
        super().__init__(
            f"none of {len(faults)} alternatives yields a number: {told}",
            remedy="test the endpoint to see each step, and add a choice for this page",
        )
        self.outcome = (known or outcomes)[0]


class UnitError(ExtractionError):
    """A unit is missing, unknown, ambiguous or of another quantity."""

    outcome = "unit"

    def __init__(self, *, reason: str, unit: str, what: str, remedy: str) -> None:
        super().__init__(f"the unit {excerpt(unit, 40)!r} {what}", remedy=remedy)
        self.reason = reason
        self.unit = unit
