"""JSON schemas in words, and their members row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec

__all__ = [
    "Member",
    "Schema",
    "Schemas",
    "choices_of",
    "members_of",
    "plain_words",
    "words_of",
]

Schema: TypeAlias = Mapping[str, Any]

_BEFORE: Final = "#/components/schemas/"
#: Deeper than any answer of ours; a schema may lead back to itself.
_DEEPEST: Final = 6
_FORMATS: Final = {
    "date": "a date",
    "date-time": "date and time",
    "duration": "a duration",
    "uuid": "a UUID",
    "time": "a time",
}
_TYPES: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
    "object": "an object",
}
#: Limits of numbers and texts, with the words before each.
_LIMITS: Final = (
    ("minimum", "from"),
    ("exclusiveMinimum", "above"),
    ("maximum", "to"),
    ("exclusiveMaximum", "below"),
)


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One member of a body or an answer.

    Attributes:
        name: With those around it: `lines[].text`.
        kind: What a value looks like, in words.
    """

    name: str
    kind: str
    required: bool
    about: str


class Schemas:
    """The schemas of a document, by their references."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._named: Mapping[str, Schema] = document["components"]["schemas"]

    def plain(self, schema: Schema) -> Schema:
        """The schema that is meant, with what stands beside the reference."""
        name = str(schema.get("$ref", "")).removeprefix(_BEFORE)
        if not name:
            return schema
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return {**self._named.get(name, {}), **beside}


def words_of(schema: Schema, schemas: Schemas) -> str:
    """What a value of the schema looks like: `a whole number from 0 to 65535`."""
    given = schemas.plain(schema)
    if "const" in given:
        return _json(given["const"])
    if choices := choices_of(given, schemas):
        return f"one of {', '.join(choices)}"
    ways = _ways(given)
    if ways:
        return " or ".join(dict.fromkeys(words_of(each, schemas) for each in ways))
    kinds = given.get("type", "")
    listed = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(_kind(each, given, schemas) for each in listed) or "anything"


def choices_of(schema: Schema, schemas: Schemas) -> list[str]:
    """The values there are, where they are few; null is left out."""
    given = schemas.plain(schema)
    if "enum" in given:
        return [_text(each) for each in given["enum"] if each is not None]
    full = [each for each in _ways(given) if schemas.plain(each).get("type") != "null"]
    return choices_of(full[0], schemas) if len(full) == 1 else []


def members_of(
    schema: Schema, schemas: Schemas, before: str = "", depth: int = 0
) -> Iterator[Member]:
    """The members of an object, those inside of others below them."""
    given = _object(schema, schemas)
    if given is None or depth > _DEEPEST:
        return
    required = given.get("required", ())
    for name, inner in given.get("properties", {}).items():
        plain = schemas.plain(inner)
        yield Member(
            name=f"{before}{name}",
            kind=words_of(inner, schemas),
            required=name in required,
            about=plain_words(inner.get("description", plain.get("description", ""))),
        )
        dots = "[]." if _is_list(inner, schemas) else "."
        yield from members_of(inner, schemas, f"{before}{name}{dots}", depth + 1)


def plain_words(text: object) -> str:
    """A docstring's words without the marks around names."""
    return str(text).replace("`", "")


def _object(schema: Schema, schemas: Schemas) -> Schema | None:
    """What has members: the schema, what it is a list of, the one way that is full."""
    given = schemas.plain(schema)
    if "properties" in given:
        return given
    if "items" in given:
        return _object(given["items"], schemas)
    found = [_object(each, schemas) for each in _ways(given)]
    return next((each for each in found if each is not None), None)


def _is_list(schema: Schema, schemas: Schemas) -> bool:
    given = schemas.plain(schema)
    return "items" in given or any(_is_list(each, schemas) for each in _ways(given))


def _ways(schema: Schema) -> Sequence[Schema]:
    ways: Sequence[Schema] = schema.get("oneOf") or schema.get("anyOf") or ()
    return ways or schema.get("allOf", ())


def _kind(kind: str, given: Schema, schemas: Schemas) -> str:
    if kind == "array":
        return f"a list, each {words_of(given.get('items', {}), schemas)}"
    if kind == "string":
        return _FORMATS.get(given.get("format", ""), "text") + _length(given)
    words = _TYPES.get(kind, kind)
    limits = [f"{word} {given[name]}" for name, word in _LIMITS if name in given]
    return " ".join([words, *limits])


def _length(given: Schema) -> str:
    parts = []
    if low := given.get("minLength"):
        parts.append(f"from {low}")
    if "maxLength" in given:
        parts.append(f"up to {given['maxLength']}")
    pattern = f" like {given['pattern']}" if "pattern" in given else ""
    return (f", {' '.join(parts)} characters" if parts else "") + pattern


def _text(value: object) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
