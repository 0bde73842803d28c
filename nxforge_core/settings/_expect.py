"""A type in words, for the person who wrote the wrong value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import inspect

__all__ = ["expectation", "is_list", "is_table"]


def expectation(kind: Any) -> str:
    """What a value of the type looks like, as the end of "expected ..."."""
    return _words(inspect.type_info(kind))


def is_list(kind: Any) -> bool:
    """Whether the type holds several values (comma separated in a variable)."""
    return isinstance(_plain(inspect.type_info(kind)), _LISTS)


def is_table(kind: Any) -> bool:
    """Whether the type holds values by name (JSON in a variable)."""
    return isinstance(_plain(inspect.type_info(kind)), inspect.DictType)


_LISTS: Final = (
    inspect.ListType,
    inspect.SetType,
    inspect.FrozenSetType,
    inspect.VarTupleType,
)


def _plain(info: inspect.Type) -> inspect.Type:
    if isinstance(info, inspect.Metadata):
        return _plain(info.type)
    if isinstance(info, inspect.UnionType):
        rest = [kind for kind in info.types if not isinstance(kind, inspect.NoneType)]
        return _plain(rest[0]) if len(rest) == 1 else info
    return info


def _words(info: inspect.Type) -> str:
    described = _description(info)
    if described:
        return described
    info = _plain(info)
    describe = _WORDS.get(type(info))
    return describe(info) if describe else type(info).__name__.removesuffix("Type")


def _description(info: inspect.Type) -> str:
    if isinstance(info, inspect.UnionType):
        return next(filter(None, map(_description, info.types)), "")
    if isinstance(info, inspect.Metadata):
        return str((info.extra_json_schema or {}).get("description", ""))
    return ""


def _number(noun: str) -> Callable[[Any], str]:
    def describe(info: Any) -> str:
        low = info.ge if info.ge is not None else info.gt
        high = info.le if info.le is not None else info.lt
        if low is None and high is None:
            return noun
        if high is None:
            return f"{noun} {'from' if info.ge is not None else 'above'} {low}"
        return f"{noun} up to {high}" if low is None else f"{noun} from {low} to {high}"

    return describe


def _choice(info: Any) -> str:
    values = getattr(info, "values", None) or [member.value for member in info.cls]
    return "one of " + ", ".join(map(str, values))


def _either(info: Any) -> str:
    return " or ".join(
        _words(kind) for kind in info.types if not isinstance(kind, inspect.NoneType)
    )


def _text(info: Any) -> str:
    return f"text that matches {info.pattern}" if info.pattern else "text"


_WORDS: Final[Mapping[type, Callable[[Any], str]]] = {
    inspect.BoolType: lambda _: "true or false",
    inspect.CustomType: lambda _: "an absolute path, in UTF-8",
    inspect.DateTimeType: lambda _: "a date and time, such as 2026-01-31T12:00:00Z",
    inspect.DecimalType: lambda _: "a number",
    inspect.DictType: lambda _: "a table",
    inspect.EnumType: _choice,
    inspect.FloatType: _number("a number"),
    inspect.FrozenSetType: lambda info: f"a list, each {_words(info.item_type)}",
    inspect.IntType: _number("a whole number"),
    inspect.ListType: lambda info: f"a list, each {_words(info.item_type)}",
    inspect.LiteralType: _choice,
    inspect.SetType: lambda info: f"a list, each {_words(info.item_type)}",
    inspect.StrType: _text,
    inspect.StructType: lambda _: "a table",
    inspect.UnionType: _either,
    inspect.VarTupleType: lambda info: f"a list, each {_words(info.item_type)}",
}
