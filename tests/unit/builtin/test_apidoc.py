"""The API in words: schemas, members, examples, a line for a terminal."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from nxforge_core.api import UnknownItemError
from nxforge_core.builtin.apidoc import (
    Schemas,
    curl_line,
    example_of,
    find_operation,
    members_of,
    words_of,
)

NAMED: dict[str, Any] = {
    "m.Line": {
        "type": "object",
        "properties": {
            "text": {"type": "string", "description": "What `it` says."},
            "next": {
                "oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/m.Line"}]
            },
        },
        "required": ["text"],
    },
    "m.Level": {"type": "string", "enum": ["low", "high"]},
}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/api/v1/m/meter/rooms/{room}/lines": {
            "put": {
                "operationId": "put_lines",
                "tags": ["meter"],
                "summary": "Set them.",
                "x-permission": "meter:lines:write",
                "parameters": [
                    {
                        "name": "room",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                    },
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer", "default": 5, "maximum": 9},
                    },
                    {
                        "name": "If-Match",
                        "in": "header",
                        "required": True,
                        "schema": {"type": "string", "example": '"7"'},
                    },
                ],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/m.Line"}
                        }
                    }
                },
                "responses": {
                    "404": {"$ref": "#/components/responses/404"},
                    "200": {
                        "description": "Done.",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/m.Line"},
                                }
                            }
                        },
                    },
                },
            }
        }
    },
    "components": {
        "schemas": NAMED,
        "responses": {"404": {"description": "Nothing there", "content": {"a/b": {}}}},
    },
}
SCHEMAS = Schemas(DOCUMENT)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 9}, "a whole number from 0 to 9"),
        ({"type": "number", "exclusiveMinimum": 0}, "a number above 0"),
        ({"type": ["string", "null"]}, "text or null"),
        ({"type": "string", "maxLength": 9}, "text, up to 9 characters"),
        ({"type": "string", "pattern": "^a"}, "text like ^a"),
        ({"type": "string", "format": "date-time"}, "date and time"),
        ({"$ref": "#/components/schemas/m.Level"}, "one of low, high"),
        ({"type": "array", "items": {"type": "boolean"}}, "a list, each true or false"),
        ({"oneOf": [{"type": "null"}, {"type": "object"}]}, "null or an object"),
        ({"const": True}, "true"),
        ({}, "anything"),
    ],
)
def test_schema_in_words(schema: Any, words: str) -> None:
    """People read what a value looks like, with its limits."""
    assert words_of(schema, SCHEMAS) == words


def test_members_are_named_with_those_around_them() -> None:
    """Lists and what may be null are entered; what leads back to itself ends."""
    schema = {
        "type": "object",
        "properties": {
            "lines": {"type": "array", "items": {"$ref": "#/components/schemas/m.Line"}}
        },
    }
    found = list(members_of(schema, SCHEMAS))

    assert [each.name for each in found[:3]] == [
        "lines",
        "lines[].text",
        "lines[].next",
    ]
    assert found[1].required
    assert found[1].about == "What it says."
    assert not found[2].required
    assert found[3].name == "lines[].next.text"
    assert len(found) < 20


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"$ref": "#/components/schemas/m.Line"}, {"text": "text"}),
        ({"$ref": "#/components/schemas/m.Level"}, "low"),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "exclusiveMinimum": 5}, 6),
        ({"type": "number", "maximum": 0}, 0),
        ({"type": "string", "minLength": 8}, "textxxxx"),
        ({"type": "string", "format": "date"}, "2026-01-31"),
        ({"type": ["integer", "null"], "default": 3}, 3),
        ({"oneOf": [{"type": "null"}, {"type": "boolean"}]}, True),
        ({"type": "array", "items": {"type": "string"}}, ["text"]),
        ({"type": "object", "properties": {"a": {"const": 1}}}, {"a": 1}),
        ({"type": "null"}, None),
    ],
)
def test_example_fits_the_schema(schema: Any, example: Any) -> None:
    """What must be there and no more; where nothing must, all of it."""
    assert example_of(schema, SCHEMAS) == example


def test_operation_is_told_whole() -> None:
    """Parameters, body, good answers and errors, wherever the document has them."""
    found = find_operation(DOCUMENT, "put_lines")
    first, limit, _ = found.parameters

    assert (found.method, found.plugin) == ("PUT", "meter")
    assert (first.required, first.example) == (True, "text")
    assert (limit.example, limit.about) == ("", "5 where it is left out.")
    assert found.body is not None
    assert found.body.example == '{\n  "text": "text"\n}'
    assert [(each.status, each.good) for each in found.answers] == [
        ("200", True),
        ("404", False),
    ]
    assert [each.name for each in found.answers[0].members][:1] == ["text"]
    assert found.answers[1].about == "Nothing there"
    with pytest.raises(UnknownItemError):
        find_operation(DOCUMENT, "get_lines")


def test_curl_line_is_one_command() -> None:
    """A shell reads it as one call with its arguments; the token stays outside."""
    line = curl_line(find_operation(DOCUMENT, "put_lines"), "http://host/nx")

    assert shlex.split(line.replace("\\\n", "")) == [
        "curl",
        "-X",
        "PUT",
        "http://host/nx/api/v1/m/meter/rooms/text/lines",
        "-H",
        "Authorization: Bearer $TOKEN",
        "-H",
        'If-Match: "7"',
        "-H",
        "Content-Type: application/json",
        "-d",
        '{\n  "text": "text"\n}',
    ]
