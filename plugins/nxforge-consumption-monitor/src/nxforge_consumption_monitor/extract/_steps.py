"""The steps a rule is made of, as data.

Each step checks itself when it is made, so that a rule which can be stored can be run.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from ._computing import (
    GuardStep,
    HexnumStep,
    NumberStep,
    OffsetStep,
    ScaleStep,
    SignStep,
    Source,
    TimeStep,
    UnitStep,
)
from ._finding import (
    ColumnStep,
    CssStep,
    DecodeStep,
    JsonStep,
    KvStep,
    LabelStep,
    RegexStep,
    XmlStep,
)
from ._step import BaseStep

__all__ = [
    "AlternativesStep",
    "Choice",
    "ColumnStep",
    "CombineStep",
    "CssStep",
    "DecodeStep",
    "GuardStep",
    "HexnumStep",
    "JsonStep",
    "KvStep",
    "LabelStep",
    "NumberStep",
    "OffsetStep",
    "PlainStep",
    "RegexStep",
    "ScaleStep",
    "SignStep",
    "Source",
    "Step",
    "Term",
    "TimeStep",
    "UnitStep",
    "XmlStep",
]

PlainStep: TypeAlias = (
    DecodeStep
    | JsonStep
    | CssStep
    | LabelStep
    | ColumnStep
    | XmlStep
    | RegexStep
    | KvStep
    | NumberStep
    | HexnumStep
    | TimeStep
    | UnitStep
    | ScaleStep
    | SignStep
    | OffsetStep
    | GuardStep
)


class Term(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a sum, with steps of its own."""

    steps: Annotated[tuple[PlainStep, ...], Meta(min_length=1, max_length=20)]
    sign: Literal["+", "-"] = "+"


class CombineStep(BaseStep, frozen=True, kw_only=True, tag="combine"):
    """Add and subtract values: tariffs, import less export, three poles."""

    terms: Annotated[tuple[Term, ...], Meta(min_length=1, max_length=20)]


class Choice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to the value, with steps of its own."""

    steps: Annotated[
        tuple[PlainStep | CombineStep, ...], Meta(min_length=1, max_length=20)
    ]


class AlternativesStep(BaseStep, frozen=True, kw_only=True, tag="alternatives"):
    """Take the first choice that yields a number: variants of a firmware.

    A choice whose value is not there passes on to the next one. One that finds a value
    and cannot read it does not: the next one might be another value.
    """

    choices: Annotated[tuple[Choice, ...], Meta(min_length=1, max_length=10)]


Step: TypeAlias = PlainStep | CombineStep | AlternativesStep
