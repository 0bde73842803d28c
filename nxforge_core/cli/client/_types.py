"""Schemas as annotations and structs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ._words import attribute, class_names, sentence

__all__ = ["Types"]

_Schema = Mapping[str, Any]

_REF: Final = "#/components/schemas/"
_PLAIN: Final = {
    "string": "str",
    "integer": "int",
    "number": "Decimal",
    "boolean": "bool",
    "null": "None",
}
_FORMATS: Final = {"date-time": "datetime", "date": "date", "duration": "timedelta"}
#: What is told apart in JSON by nothing but its content.
_LIKE: Final = {"datetime": "str", "date": "str", "timedelta": "str", "Decimal": "int"}


class Types:
    """The schemas of a document, and which of them were asked for."""

    def __init__(self, schemas: Mapping[str, _Schema]) -> None:
        self._schemas = schemas
        self._names = class_names(
            name for name in schemas if self.data_of(name) is None
        )
        self._wanted: dict[str, None] = {}

    def data_of(self, name: str) -> _Schema | None:
        """What an answer carries that is nothing but `success` and `data`."""
        parts = self._schemas[name].get("properties", {})
        return parts["data"] if set(parts) == {"success", "data"} else None

    def named(self, schema: _Schema) -> str | None:
        """The schema's name in the document, where it has one."""
        reference = schema.get("$ref", "")
        return reference.removeprefix(_REF) if reference.startswith(_REF) else None

    def members(self, schema: _Schema) -> Mapping[str, _Schema]:
        """Properties of a schema that is a reference to one with some."""
        name = self.named(schema)
        found: Mapping[str, _Schema] = {}
        return found if name is None else self._schemas[name].get("properties", found)

    def annotation(self, schema: _Schema) -> str:
        """As Python writes it."""
        if (name := self.named(schema)) is not None:
            if (data := self.data_of(name)) is not None:
                return self.annotation(data)
            self._wanted.setdefault(name)
            return self._names[name]
        for key in ("oneOf", "anyOf"):
            if key in schema:
                return self._union(schema[key])
        if "const" in schema or "enum" in schema:
            return _literal(schema.get("enum", [schema.get("const")]))
        return self._of_type(schema)

    def _of_type(self, schema: _Schema) -> str:
        kind = schema.get("type")
        if isinstance(kind, list):
            return self._union([{**schema, "type": one} for one in kind])
        if kind == "array":
            return f"list[{self.annotation(schema.get('items', {}))}]"
        if kind == "object":
            more = schema.get("additionalProperties")
            inner = self.annotation(more) if isinstance(more, dict) else "Any"
            return f"dict[str, {inner}]"
        return _FORMATS.get(schema.get("format", ""), _PLAIN.get(str(kind), "Any"))

    def _union(self, schemas: Sequence[_Schema]) -> str:
        parts = list(dict.fromkeys(self.annotation(each) for each in schemas))
        solid = [each for each in parts if each != "None"]
        kinds = [self._kind(each) for each in solid]
        if "Any" in solid or len(set(kinds)) < len(kinds):
            return "Any"
        return " | ".join([*solid, *(["None"] if "None" in parts else [])])

    def _kind(self, annotation: str) -> str:
        if annotation in self._names.values() or annotation.startswith("dict"):
            return "object"
        if annotation.startswith("Literal"):
            return "str" if '"' in annotation else "int"
        return _LIKE.get(annotation, annotation.partition("[")[0])

    def structs(self) -> Iterator[str]:
        """The text of every struct that was asked for, and of what those ask for."""
        done: set[str] = set()
        texts: dict[str, str] = {}
        while missing := [name for name in self._wanted if name not in done]:
            for name in missing:
                done.add(name)
                texts[self._names[name]] = self._struct(name)
        yield from (texts[name] for name in sorted(texts))

    def _struct(self, name: str) -> str:
        schema = self._schemas[name]
        told = sentence(schema.get("description") or f"{self._names[name]}.")
        lines = [
            f"class {self._names[name]}(msgspec.Struct, kw_only=True):",
            f'    """{told}"""',
        ]
        required = schema.get("required", [])
        fields = [
            self._field(key, part, needed=key in required)
            for key, part in schema.get("properties", {}).items()
        ]
        return "\n".join([*lines, *([""] if fields else []), *fields])

    def _field(self, key: str, schema: _Schema, *, needed: bool) -> str:
        name, kind = attribute(key), self.annotation(schema)
        facts = [] if needed else ["default=UNSET"]
        if not needed and kind != "Any":
            kind += " | UnsetType"
        if name != key:
            facts.append(f'name="{key}"')
        field = f" = field({', '.join(facts)})" if facts else ""
        return f"    {name}: {kind}{field}"


def _literal(values: Sequence[object]) -> str:
    solid = ", ".join(_value(each) for each in values if each is not None)
    tail = " | None" if None in values else ""
    return f"Literal[{solid}]{tail}" if solid else "None"


def _value(value: object) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)
