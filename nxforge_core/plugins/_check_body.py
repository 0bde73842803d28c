"""Whether a JSON body with a member too many would be refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import inspect as shapes

__all__ = ["loose_parts"]

#: Forms that cannot refuse a member they do not know.
_LAX: Final = (shapes.DataclassType, shapes.TypedDictType)
_BODIES: Final = (shapes.StructType, shapes.UnionType, shapes.ListType)


def loose_parts(annotation: object) -> list[str]:
    """Names of what an annotation accepts, at any depth, beside strict structs."""
    try:
        shape = shapes.type_info(annotation)
    except (TypeError, NameError):
        return [repr(annotation)]
    plain = shape.type if isinstance(shape, shapes.Metadata) else shape
    parts = list(_parts(plain)) if isinstance(plain, _BODIES) else []
    strict = [part for part in parts if isinstance(part, shapes.StructType)]
    if not strict:
        return [repr(annotation)]
    return [part.cls.__qualname__ for part in parts if not _forbids(part)]


def _forbids(part: shapes.Type) -> bool:
    return isinstance(part, shapes.StructType) and part.forbid_unknown_fields


def _parts(
    shape: shapes.Type,
) -> Iterator[shapes.StructType | shapes.DataclassType | shapes.TypedDictType]:
    seen: set[type] = set()
    waiting = [shape]
    while waiting:
        each = waiting.pop()
        if isinstance(each, _LAX):
            yield each
        elif isinstance(each, shapes.StructType) and each.cls not in seen:
            seen.add(each.cls)
            waiting += [field.type for field in each.fields]
            yield each
        elif not isinstance(each, shapes.StructType):
            waiting += _inside(each)


def _inside(shape: shapes.Type) -> list[shapes.Type]:
    """The types inside a union, a list, a dict and whatever else holds types."""
    values = (getattr(shape, name) for name in shape.__struct_fields__)
    flat = (
        part
        for value in values
        for part in (value if isinstance(value, tuple) else (value,))
    )
    return [part for part in flat if isinstance(part, shapes.Type)]
