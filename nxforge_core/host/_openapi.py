"""One OpenAPI document out of those of the plugins."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from nxforge_core.plugins import BUILT_IN

from ._encode import PROBLEM_JSON, encode
from ._problem import Problem

__all__ = ["compose"]

_ERRORS: Final = {
    "400": "The request is not valid",
    "401": "No credential that is accepted",
    "403": "The caller lacks the permission, or another site's page asks",
    "404": "Nothing there",
    "409": "It contradicts what is stored",
    "412": "It was changed since it was read",
    "413": "The body is too large",
    "415": "The body is encoded",
    "421": "The host does not answer to this name",
    "429": "Too many requests",
    "503": "The plugin or the database cannot answer now",
}
#: Of routes that ask for a credential, be it one in the request itself.
_ACCESS: Final = frozenset({"401", "403"})
#: Of routes that change something.
_CHANGE: Final = frozenset({"412", "413"})


def compose(version: str, documents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Join the plugins' documents: names of schemas and operations stay apart.

    Args:
        version: Of the host.
        documents: OpenAPI 3.1 documents by plugin id.
    """
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = _problem_schemas()
    for plugin, document in documents.items():
        own = _namespaced(plugin, document)
        paths.update(_described(plugin, own.get("paths", {})))
        schemas.update(own.get("components", {}).get("schemas", {}))
    _name_operations(paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "NxForge", "version": version},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": _problem_responses(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "tags": [{"name": plugin} for plugin in documents],
    }


def _problem_schemas() -> dict[str, Any]:
    _, found = msgspec.json.schema_components(
        [Problem], ref_template="#/components/schemas/{name}"
    )
    return dict(found)


def _namespaced(plugin: str, document: dict[str, Any]) -> dict[str, Any]:
    """The document with the plugin's id before each of its schema names."""
    names = document.get("components", {}).get("schemas", {})
    text = encode(document).decode()
    for name in names:
        text = text.replace(
            json.dumps(f"#/components/schemas/{name}"),
            json.dumps(f"#/components/schemas/{plugin}.{name}"),
        )
    own: dict[str, Any] = json.loads(text)
    if names:
        schemas = own["components"]["schemas"]
        own["components"]["schemas"] = {
            f"{plugin}.{name}": schema for name, schema in schemas.items()
        }
    return own


def _described(plugin: str, paths: dict[str, Any]) -> dict[str, Any]:
    for path, operations in paths.items():
        for method, operation in operations.items():
            operation["tags"] = [plugin]
            changes = method != "get"
            # Public operations say so by an empty list. The host's own that change
            # something let somebody in, and those with a code look at it.
            door = plugin == BUILT_IN and (changes or "{code}" in path)
            asks = operation.get("security") != [] or door
            operation["responses"] |= _errors(asks=asks, changes=changes)
    return paths


def _errors(*, asks: bool, changes: bool) -> dict[str, Any]:
    return {
        status: {"$ref": f"#/components/responses/{status}"}
        for status in _ERRORS
        if (asks or status not in _ACCESS) and (changes or status not in _CHANGE)
    }


def _problem_responses() -> dict[str, Any]:
    problem = {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
    return {
        status: {"description": words, "content": {PROBLEM_JSON: problem}}
        for status, words in _ERRORS.items()
    }


def _name_operations(paths: dict[str, Any]) -> None:
    """Give operations names that are the same in every build, none of them twice."""
    taken: set[str] = set()
    for path, operations in sorted(paths.items()):
        for method, operation in operations.items():
            name = wanted = _operation_id(method, path)
            # Signs that differ in two paths may read alike in words.
            for number in itertools.count(2):
                if name not in taken:
                    break
                name = f"{wanted}_{number}"
            taken.add(name)
            operation["operationId"] = name


def _operation_id(method: str, path: str) -> str:
    words = path.removeprefix("/api/v1").replace("/m/", "/").strip("/")
    words = re.sub(r"\{(\w+)[^}]*\}", r"by_\1", words)
    return f"{method}_{re.sub(r'[^a-zA-Z0-9]+', '_', words)}".rstrip("_")
