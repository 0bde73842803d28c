"""What kind of control a type wants, and its limits in words."""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from msgspec import inspect as shapes

__all__ = ["Control", "Shape", "shape_of"]

Control = Literal[
    "text", "number", "checkbox", "select", "lines", "date", "datetime-local", "json"
]

#: Item types of lists that are written one per line.
_LINES: Final = (shapes.StrType, shapes.IntType, shapes.FloatType, shapes.DecimalType)
_LISTS: Final = (
    shapes.ListType,
    shapes.SetType,
    shapes.FrozenSetType,
    shapes.VarTupleType,
)


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How a type is entered.

    Attributes:
        rule: What fits, in words that follow `Give`.
        optional: None fits as well.
        local: Of an instant: without a zone.
        limits: Attributes of the control, by name.
    """

    control: Control
    rule: str
    optional: bool = False
    local: bool = False
    options: tuple[str, ...] = ()
    limits: dict[str, str] = {}


def shape_of(annotation: object) -> Shape:
    """The control for a type."""
    plain, optional = _plain(shapes.type_info(annotation))
    shape = _shape(plain)
    return msgspec.structs.replace(shape, optional=optional)


def _plain(shape: shapes.Type) -> tuple[shapes.Type, bool]:
    """The type without its notes, and whether None fits as well."""
    while isinstance(shape, shapes.Metadata):
        shape = shape.type
    if not isinstance(shape, shapes.UnionType):
        return shape, False
    others = [each for each in shape.types if not isinstance(each, shapes.NoneType)]
    if len(others) == len(shape.types) or len(others) > 1:
        return shape, len(others) < len(shape.types)
    return _plain(others[0])[0], True


def _shape(shape: shapes.Type) -> Shape:
    match shape:
        case shapes.IntType() | shapes.FloatType() | shapes.DecimalType():
            return _number(shape)
        case shapes.StrType():
            return _text(shape)
        case shapes.LiteralType(values):
            return _choice([str(each) for each in values])
        case shapes.EnumType(cls):
            return _choice([str(each.value) for each in cls])
        case _:
            return _other(shape)


def _other(shape: shapes.Type) -> Shape:
    if isinstance(shape, shapes.BoolType):
        return Shape(control="checkbox", rule="yes or no")
    if isinstance(shape, shapes.DateType):
        return Shape(control="date", rule="a date such as 2026-03-01")
    if isinstance(shape, shapes.DateTimeType):
        local = shape.tz is False
        zone = "" if local else " in UTC"
        rule = f"date and time{zone} such as 2026-03-01T12:00"
        return Shape(control="datetime-local", rule=rule, local=local)
    if isinstance(shape, _LISTS) and isinstance(_plain(shape.item_type)[0], _LINES):
        return Shape(control="lines", rule="one per line")
    return Shape(control="json", rule="JSON of the right form")


def _choice(values: list[str]) -> Shape:
    return Shape(control="select", rule="one of the choices", options=tuple(values))


def _text(shape: shapes.StrType) -> Shape:
    limits: dict[str, str] = {}
    words = "a text"
    if shape.max_length is not None:
        limits["maxlength"] = str(shape.max_length)
        words += f" of {shape.max_length} characters at the most"
    if shape.min_length:
        limits["minlength"] = str(shape.min_length)
        words += f", {shape.min_length} at the least"
    if shape.pattern:
        words += f" of the form {shape.pattern}"
    return Shape(control="text", rule=words, limits=limits)


def _number(shape: shapes.IntType | shapes.FloatType | shapes.DecimalType) -> Shape:
    whole = isinstance(shape, shapes.IntType)
    words = ["a whole number" if whole else "a number"]
    limits = {"step": "1" if whole else "any"}
    bounds = (
        ("ge", "from", "min"),
        ("gt", "above", ""),
        ("le", "to", "max"),
        ("lt", "below", ""),
    )
    for name, word, attribute in bounds:
        if (bound := getattr(shape, name, None)) is None:
            continue
        words.append(f"{word} {bound:g}")
        if attribute:
            limits[attribute] = f"{bound:g}"
    return Shape(control="number", rule=" ".join(words), limits=limits)
