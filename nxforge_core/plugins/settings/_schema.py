"""JSON Schema of a plugin's settings."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from nxforge_core.settings import attribute_words, is_secret_name

__all__ = ["settings_schema"]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def settings_schema(model: type[msgspec.Struct]) -> dict[str, Any]:
    """JSON Schema 2020-12 of the struct: secrets write-only, each field with words."""
    (schema,), parts = msgspec.json.schema_components(
        [model], ref_template="#/$defs/{name}", schema_hook=_hook
    )
    own = parts.pop(model.__name__, schema)
    words = attribute_words(model)
    properties = {
        name: _noted(name, each, words) for name, each in own["properties"].items()
    }
    whole = {"$schema": _DIALECT, **own, "properties": properties}
    whole["additionalProperties"] = False
    return {**whole, "$defs": parts} if parts else whole


def _noted(name: str, schema: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    noted = dict(schema)
    if about := words.get(name):
        noted["description"] = about
    if is_secret_name(name):
        noted["writeOnly"] = True
        noted.pop("default", None)
    return noted


def _hook(kind: type) -> dict[str, Any]:
    """Paths and the like are written as texts."""
    return {"type": "string", "title": kind.__name__}
