"""A value that fits a schema, to begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ._schema import Schema, Schemas

__all__ = ["example_of"]

_DEEPEST: Final = 4
_TEXTS: Final = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00",
    "duration": "PT15M",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def example_of(schema: Schema, schemas: Schemas, depth: int = 0) -> Any:
    """What must be there, filled with what is likely; of choices the first."""
    given = schemas.plain(schema)
    for name in ("example", "const", "default"):
        if given.get(name) is not None:
            return given[name]
    if "examples" in given or "enum" in given:
        return (given.get("examples") or given["enum"])[0]
    ways = given.get("oneOf") or given.get("anyOf") or given.get("allOf")
    if ways:
        return example_of(_first(ways, schemas), schemas, depth)
    kinds = given.get("type", "")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    make = _MAKE.get(kind)
    return make(given, schemas, depth) if make else None


def _first(ways: list[Schema], schemas: Schemas) -> Schema:
    full = (each for each in ways if schemas.plain(each).get("type") != "null")
    return next(full, ways[0])


def _object(given: Schema, schemas: Schemas, depth: int) -> dict[str, Any]:
    """What is required; where nothing is, all of it."""
    members = given.get("properties", {})
    if depth >= _DEEPEST:
        return {}
    wanted = given.get("required") or members
    return {
        name: example_of(members[name], schemas, depth + 1)
        for name in members
        if name in wanted
    }


def _list(given: Schema, schemas: Schemas, depth: int) -> list[Any]:
    if depth >= _DEEPEST or "items" not in given:
        return []
    return [example_of(given["items"], schemas, depth + 1)]


def _number(given: Schema, *_: object) -> Any:
    if "exclusiveMinimum" in given:
        return given["exclusiveMinimum"] + 1
    return given.get("minimum", min(1, given.get("maximum", 1)))


def _string(given: Schema, *_: object) -> str:
    text = _TEXTS.get(given.get("format", ""), "text")
    return text.ljust(given.get("minLength", 0), "x")


_MAKE: Final[Mapping[str, Callable[..., Any]]] = {
    "object": _object,
    "array": _list,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": lambda *_: True,
}
