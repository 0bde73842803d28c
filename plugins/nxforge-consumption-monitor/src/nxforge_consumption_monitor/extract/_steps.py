"""The steps a rule is made of, as data.

Each step checks itself when it is made, so that a rule which can be stored can be run.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from ._charset import AUTO, check_charset
from ._errors import RuleError
from ._html import check_selector
from ._label import Direction, LabelMatch
from ._number import NumberFormat
from ._path import check_path
from ._pattern import check_pattern
from ._telegram import OBIS

__all__ = [
    "CombineStep",
    "CssStep",
    "DecodeStep",
    "GuardStep",
    "JsonStep",
    "KvStep",
    "LabelStep",
    "NumberStep",
    "PlainStep",
    "RegexStep",
    "ScaleStep",
    "SignStep",
    "Step",
    "Term",
    "UnitStep",
]

Select = Literal["only", "first", "last", "sum", "min", "max", "count"]
Operator = Literal["==", "!=", "<", "<=", ">", ">=", "exists"]
_Text = Annotated[str, Meta(min_length=1, max_length=500)]
_LARGEST_FACTOR: Final = Decimal(10) ** 12


class _Step(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename="camel",
    tag_field="step",
):
    """What all steps have in common: they are data, and complete."""


class DecodeStep(_Step, frozen=True, kw_only=True, tag="decode"):
    """Read the bytes as text; implied, and only needed to pin a character set."""

    charset: _Text = AUTO

    def __post_init__(self) -> None:
        check_charset(self.charset)


class JsonStep(_Step, frozen=True, kw_only=True, tag="json"):
    """Take a value out of JSON.

    Attributes:
        path: RFC 9535 (`$...`) or the short form `emeters[0].total`.
        select: What to make of several values; `only` refuses them. A path to one
            array is a path to its elements, except for `only`.
        default: Stands in for a missing or null value; without it that is an error.
        from_script: Selector of a script element that contains the JSON.
    """

    path: _Text
    select: Select = "only"
    default: Decimal | None = None
    from_script: _Text | None = None

    def __post_init__(self) -> None:
        check_path(self.path)
        if self.from_script is not None:
            check_selector("fromScript", self.from_script)


class CssStep(_Step, frozen=True, kw_only=True, tag="css"):
    """Take the text of an element, or an attribute of it.

    Attributes:
        selector: CSS; `:lexbor-contains("text")` is allowed, `:has` is not.
        index: Which of the matches; negative counts from the end. Without it there
            must be one only.
        attribute: Name of the attribute to take.
        own_text: Leave the text of inner elements out.
    """

    selector: _Text
    index: int | None = None
    attribute: _Text | None = None
    own_text: bool = False

    def __post_init__(self) -> None:
        check_selector("selector", self.selector)


class LabelStep(_Step, frozen=True, kw_only=True, tag="label"):
    """Take the text beside a label.

    Attributes:
        label: What the page prints before the value.
        match: How to compare; case and a colon at the end never matter.
        direction: Where the value stands.
        nth: Which cell in that direction, counted from 1.
        within: Selector of the part of the page to look in.
    """

    label: _Text
    match: LabelMatch = "exact"
    direction: Direction = "right"
    nth: Annotated[int, Meta(ge=1, le=100)] = 1
    within: _Text | None = None

    def __post_init__(self) -> None:
        if self.match == "regex":
            check_pattern("label", self.label)
        if self.within is not None:
            check_selector("within", self.within)


class RegexStep(_Step, frozen=True, kw_only=True, tag="regex"):
    """Take what a pattern finds in the text so far, or in the page.

    Attributes:
        pattern: RE2 syntax.
        group: Which group; by default the first, or the whole match.
    """

    pattern: Annotated[str, Meta(min_length=1, max_length=1000)]
    group: int | None = None

    def __post_init__(self) -> None:
        check_pattern("pattern", self.pattern, self.group)


class KvStep(_Step, frozen=True, kw_only=True, tag="kv"):
    """Take the value of a key: `1-0:1.8.1(001581.123*kWh)`.

    Attributes:
        key: The OBIS code, or what stands before the separator.
        separator: `(` for OBIS telegrams; else for example `=` or `:`.
        index: Which of several values in parentheses; negative from the end.
    """

    key: _Text
    separator: Annotated[str, Meta(min_length=1, max_length=10)] = OBIS
    index: int = 0


class NumberStep(_Step, frozen=True, kw_only=True, tag="number"):
    """Read the first number of the text; implied where a number is needed."""

    format: NumberFormat = "auto"


class UnitStep(_Step, frozen=True, kw_only=True, tag="unit"):
    """Convert to kWh, kW, V, A or Hz; implied at the end.

    Attributes:
        fixed: The unit of the number; without it, it is read behind the number.
    """

    fixed: Annotated[str, Meta(min_length=1, max_length=20)] | None = None


class ScaleStep(_Step, frozen=True, kw_only=True, tag="scale"):
    """Multiply, for example by the ratio of a transformer."""

    factor: Decimal

    def __post_init__(self) -> None:
        size = abs(self.factor) if self.factor.is_finite() else Decimal(0)
        if not 1 / _LARGEST_FACTOR <= size <= _LARGEST_FACTOR:
            raise RuleError(
                field="factor",
                what=f"{self.factor} is no factor",
                remedy="give a number other than 0, such as '0.001' or '40'",
            )


class SignStep(_Step, frozen=True, kw_only=True, tag="sign"):
    """Turn the sign around, for a meter that counts the other way."""


class GuardStep(_Step, frozen=True, kw_only=True, tag="guard"):
    """Go on only when the page's JSON says so; else there is no value.

    Attributes:
        path: What to look at; every value it selects must hold, and one must exist.
        operator: How to compare.
        value: What to compare with.
    """

    path: _Text
    operator: Operator = "=="
    value: bool | int | float | str | None = None

    def __post_init__(self) -> None:
        check_path(self.path)
        is_number = isinstance(self.value, int | float) and self.value is not True
        if self.operator in {"<", "<=", ">", ">="} and not is_number:
            raise RuleError(
                field="value",
                what=f"{self.value!r} cannot be compared with {self.operator!r}",
                remedy="give a number, or use '==' or '!='",
            )


PlainStep: TypeAlias = (
    DecodeStep
    | JsonStep
    | CssStep
    | LabelStep
    | RegexStep
    | KvStep
    | NumberStep
    | UnitStep
    | ScaleStep
    | SignStep
    | GuardStep
)


class Term(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a sum, with steps of its own."""

    steps: Annotated[tuple[PlainStep, ...], Meta(min_length=1, max_length=20)]
    sign: Literal["+", "-"] = "+"


class CombineStep(_Step, frozen=True, kw_only=True, tag="combine"):
    """Add and subtract values: tariffs, import less export, three poles."""

    terms: Annotated[tuple[Term, ...], Meta(min_length=1, max_length=20)]


Step: TypeAlias = PlainStep | CombineStep
