"""Rows as msgspec structs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final, TypeVar, cast

import msgspec

from ._errors import RowShapeError

__all__ = ["as_structs"]

T = TypeVar("T")

#: What asyncpg answers needs a conversion where the field is declared as one of these.
_BUILT: Final = (
    msgspec.inspect.StructType,
    msgspec.inspect.EnumType,
    msgspec.inspect.TupleType,
    msgspec.inspect.VarTupleType,
    msgspec.inspect.SetType,
    msgspec.inspect.FrozenSetType,
    msgspec.inspect.ListType,
    msgspec.inspect.DictType,
    msgspec.inspect.DataclassType,
    msgspec.inspect.TypedDictType,
)
_Converters = Mapping[str, Callable[[Any], Any]]


def as_structs(row: type[T], records: Sequence[Mapping[str, Any]]) -> list[T]:
    """Build one struct per record; columns are matched to Python field names.

    Values are taken as they come, except where a field is declared as an enum, a
    struct or a container: those are converted, strictly.

    Raises:
        RowShapeError: a column without field, or a required field without column.
        msgspec.ValidationError: a converted value does not fit its field.
    """
    if not records:
        return []
    columns = tuple(records[0].keys())
    converters = _converters(cast("Hashable", row), columns)
    # A record that is unpacked itself is looked up name by name.
    found = [dict(zip(columns, each.values(), strict=True)) for each in records]
    for column, convert in converters.items():
        for values in found:
            values[column] = convert(values[column])
    return [row(**values) for values in found]


@lru_cache(maxsize=512)
def _converters(row: Hashable, columns: tuple[str, ...]) -> _Converters:
    struct = cast("type[msgspec.Struct]", row)
    fields = {field.name: field for field in msgspec.structs.fields(struct)}
    missing = {name for name, field in fields.items() if field.required}
    missing -= set(columns)
    unknown = set(columns) - fields.keys()
    if missing or unknown:
        raise RowShapeError(struct.__name__, missing, unknown)
    return {
        column: partial(msgspec.convert, type=fields[column].type)
        for column in columns
        if _is_built(msgspec.inspect.type_info(fields[column].type))
    }


def _is_built(kind: msgspec.inspect.Type) -> bool:
    if isinstance(kind, msgspec.inspect.UnionType):
        return any(_is_built(member) for member in kind.types)
    if isinstance(kind, msgspec.inspect.Metadata):
        return _is_built(kind.type)
    return isinstance(kind, _BUILT)
