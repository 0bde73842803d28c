"""Every operation of the document, with what it takes and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from nxforge_core.api import UnknownItemError

from ._example import example_of
from ._schema import Member, Schemas, choices_of, members_of, plain_words, words_of

__all__ = ["Answer", "Body", "Operation", "Parameter", "find_operation", "operations"]

_GOOD: Final = "2"
_MOVED: Final = "3"
_RESPONSES: Final = "#/components/responses/"


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter.

    Attributes:
        place: `path`, `query` or `header`.
        kind: What a value looks like, in words.
        choices: The values there are, where they are few.
        example: To begin with; empty where it may be left out.
    """

    name: str
    place: str
    required: bool
    kind: str
    about: str
    choices: Sequence[str]
    example: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent.

    Attributes:
        example: As JSON, with what must be there.
    """

    media: str
    members: Sequence[Member]
    example: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One way it answers.

    Attributes:
        media: Content types; none where it answers without a body.
        members: Of a good answer in JSON.
    """

    status: str
    about: str
    media: Sequence[str]
    members: Sequence[Member] = ()

    @property
    def good(self) -> bool:
        """Whether it did what was asked."""
        return self.status[:1] in {_GOOD, _MOVED}


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation.

    Attributes:
        plugin: Whose it is; `nxforge` for the host's own.
        permission: What callers need; None: it is for everybody.
    """

    id: str
    method: str
    path: str
    plugin: str
    summary: str
    permission: str | None
    parameters: Sequence[Parameter]
    body: Body | None
    answers: Sequence[Answer]


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Path, method and raw operation of each, in the order of the document."""
    for path, methods in document["paths"].items():
        for method, raw in methods.items():
            yield path, method.upper(), raw


def find_operation(document: Mapping[str, Any], name: str) -> Operation:
    """The operation with this id.

    Raises:
        UnknownItemError: there is none.
    """
    for path, method, raw in operations(document):
        if raw["operationId"] == name:
            return _operation(document, path, method, raw)
    raise UnknownItemError(kind="operation", value=name)


def _operation(
    document: Mapping[str, Any], path: str, method: str, raw: Mapping[str, Any]
) -> Operation:
    schemas = Schemas(document)
    return Operation(
        id=raw["operationId"],
        method=method,
        path=path,
        plugin=raw["tags"][0],
        summary=plain_words(raw.get("summary", "")),
        permission=raw.get("x-permission"),
        parameters=[_parameter(each, schemas) for each in raw.get("parameters", ())],
        body=_body(raw.get("requestBody"), schemas),
        answers=[
            _answer(status, each, document, schemas)
            for status, each in sorted(raw["responses"].items())
        ],
    )


def _parameter(raw: Mapping[str, Any], schemas: Schemas) -> Parameter:
    schema = raw.get("schema", {})
    required = bool(raw.get("required", False))
    return Parameter(
        name=raw["name"],
        place=raw["in"],
        required=required,
        kind=words_of(schema, schemas),
        about=plain_words(raw.get("description", "")) or _default(schema),
        choices=choices_of(schema, schemas),
        example=_text(example_of(schema, schemas)) if required else "",
    )


def _default(schema: Mapping[str, Any]) -> str:
    default = schema.get("default")
    return "" if default is None else f"{_text(default)} where it is left out."


def _body(raw: Mapping[str, Any] | None, schemas: Schemas) -> Body | None:
    content = (raw or {}).get("content", {})
    if not content:
        return None
    media, found = next(iter(content.items()))
    schema = found.get("schema", {})
    example = msgspec.json.encode(example_of(schema, schemas))
    return Body(
        media=media,
        members=list(members_of(schema, schemas)),
        example=msgspec.json.format(example, indent=2).decode(),
    )


def _answer(
    status: str, raw: Mapping[str, Any], document: Mapping[str, Any], schemas: Schemas
) -> Answer:
    shared = str(raw.get("$ref", "")).removeprefix(_RESPONSES)
    given = document["components"]["responses"][shared] if shared else raw
    content = given.get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return Answer(
        status=status,
        about=given.get("description", ""),
        media=list(content),
        members=list(members_of(schema, schemas)),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
